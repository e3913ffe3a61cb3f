//! What a fleet's day comes to.

use std::time::Duration;

use serde_json::{Value, json};

use super::fleet::{BETWEEN_CLICKS, USUAL};
use super::model::REQUESTS_A_MINUTE;

/// A fleet's day.
pub(super) struct Row {
    trays: usize,
    headers: bool,
    /// How long after its start each light came on.
    pub(super) lit_after: Vec<Duration>,
    pub(super) rush_requests: u64,
    pub(super) rush_refused: u64,
    pub(super) requests: u64,
    pub(super) refused: u64,
    pub(super) clicks: u64,
    /// Clicks whose write was refused, or could not be sent at once.
    pub(super) clicks_refused: u64,
    pub(super) clicks_failed: u64,
    pub(super) click_delays: Vec<Duration>,
    pub(super) detections: Vec<Duration>,
    /// Answered reads, by tray.
    pub(super) reads: Vec<u32>,
}

impl Row {
    pub(super) fn new(trays: usize, headers: bool) -> Self {
        Self {
            trays,
            headers,
            lit_after: Vec::new(),
            rush_requests: 0,
            rush_refused: 0,
            requests: 0,
            refused: 0,
            clicks: 0,
            clicks_refused: 0,
            clicks_failed: 0,
            click_delays: Vec::new(),
            detections: Vec::new(),
            reads: Vec::new(),
        }
    }

    /// The mean delay of a perfect round robin: nobody reads faster than usual, and clicks come first.
    fn ideal_s(&self) -> f64 {
        let trays = float(self.trays as u64);
        let clicks_a_minute = trays * 60.0 / BETWEEN_CLICKS.as_secs_f64();
        let round_s = trays * 60.0 / (f64::from(REQUESTS_A_MINUTE) - clicks_a_minute);
        round_s.max(USUAL.as_secs_f64()) / 2.0
    }

    /// Jain's index of the reads of each tray: 1 where all read equally often.
    fn fairness(&self) -> f64 {
        let sum: f64 = self.reads.iter().copied().map(f64::from).sum();
        let squares: f64 = self
            .reads
            .iter()
            .copied()
            .map(|reads| f64::from(reads).powi(2))
            .sum();
        sum * sum / (float(self.reads.len() as u64) * squares)
    }
}

#[expect(clippy::cast_precision_loss, reason = "these numbers are small")]
fn float(number: u64) -> f64 {
    number as f64
}

fn mean_s(delays: &[Duration]) -> f64 {
    let sum: Duration = delays.iter().sum();
    sum.as_secs_f64() / float(delays.len().max(1) as u64)
}

fn p95_s(delays: &[Duration]) -> f64 {
    let mut sorted = delays.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len() * 95 / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(0.0, Duration::as_secs_f64)
}

fn percent(part: u64, of: u64) -> f64 {
    100.0 * float(part) / float(of.max(1))
}

/// The row as a line of a table, below a heading if it is the first.
pub(super) fn line(row: &Row, first: bool) -> String {
    let heading = "\
| trays | headers | mean delay | ideal | ratio | p95 | refused (429) | clicks refused at first | their mean delay | clicks failed | fairness | light on after start (p95) | refused in the rush |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
";
    format!(
        "{}| {} | {} | {:.0} s | {:.0} s | {:.2} | {:.0} s | {:.2} % | {:.2} % | {:.1} s | {} of {} | {:.3} | {:.0} s | {:.0} % |",
        if first { heading } else { "" },
        row.trays,
        if row.headers { "yes" } else { "no" },
        mean_s(&row.detections),
        row.ideal_s(),
        mean_s(&row.detections) / row.ideal_s(),
        p95_s(&row.detections),
        percent(row.refused, row.requests),
        percent(row.clicks_refused, row.clicks),
        mean_s(&row.click_delays),
        row.clicks_failed,
        row.clicks,
        row.fairness(),
        p95_s(&row.lit_after),
        percent(row.rush_refused, row.rush_requests),
    )
}

/// All rows, for programs.
pub(super) fn json(rows: &[Row]) -> Value {
    rows.iter()
        .map(|row| {
            json!({
                "trays": row.trays,
                "headers": row.headers,
                "mean_delay_s": mean_s(&row.detections),
                "ideal_delay_s": row.ideal_s(),
                "p95_delay_s": p95_s(&row.detections),
                "refused_percent": percent(row.refused, row.requests),
                "clicks": row.clicks,
                "clicks_refused_percent": percent(row.clicks_refused, row.clicks),
                "clicks_failed": row.clicks_failed,
                "mean_click_delay_s": mean_s(&row.click_delays),
                "fairness": row.fairness(),
                "p95_light_on_after_s": p95_s(&row.lit_after),
                "rush_refused_percent": percent(row.rush_refused, row.rush_requests),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fleet;
    use super::*;

    #[test]
    fn two_hundred_trays_share_the_account_fairly_and_leave_room_for_clicks() {
        let row = fleet::run(200, true);
        assert!(row.detections.len() > 1000);
        assert!(mean_s(&row.detections) <= 1.2 * row.ideal_s());
        assert!(percent(row.clicks_refused, row.clicks) <= 0.2);
        assert!(row.fairness() >= 0.95);
    }

    #[test]
    fn without_a_word_on_what_is_left_two_hundred_trays_still_see_changes_soon() {
        let row = fleet::run(200, false);
        assert!(mean_s(&row.detections) <= 1.4 * row.ideal_s());
        assert_eq!(row.clicks_failed, 0);
    }
}
