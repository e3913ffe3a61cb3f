//! Measures the product: `cargo xtask bench`.

mod fleet;
mod model;
mod report;

use crate::Result;
use report::Row;

/// The numbers of trays that are measured where none is named.
const TRAYS: [usize; 5] = [10, 50, 200, 1000, 3000];

/// Runs whole fleets of sessions against one account's requests and prints how soon they see a change.
///
/// # Errors
/// If the result cannot be written as JSON.
pub(crate) fn fleet(trays: Option<usize>, json: bool) -> Result<()> {
    let sizes = trays.map_or_else(|| TRAYS.to_vec(), |trays| vec![trays]);
    let mut rows: Vec<Row> = Vec::new();
    for headers in [true, false] {
        for &trays in &sizes {
            let row = fleet::run(trays, headers);
            if !json {
                println!("{}", report::line(&row, rows.is_empty()));
            }
            rows.push(row);
        }
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&report::json(&rows))?);
    }
    Ok(())
}
