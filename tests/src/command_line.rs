//! `statusctl` as people and scripts run it: in a private session, against a Zendesk on real sockets.

mod done;
mod office;
mod server;
mod terminal;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use simulator::libredesk::sample as desk;
use simulator::sample;

pub use self::done::Done;
pub use self::office::Office;
pub use self::server::{Server, proxy};
pub use self::terminal::Terminal;

/// The sample account's secrets as they are, and as they travel.
pub fn secrets() -> Vec<String> {
    let tokens = [
        sample::ADA_TOKEN,
        sample::GRACE_TOKEN,
        sample::LIAM_TOKEN,
        sample::ERIN_TOKEN,
        sample::BEN_TOKEN,
        sample::ADA_READ_TOKEN,
        sample::API_TOKEN,
        desk::SECRET,
        desk::BEN_SECRET,
        desk::ADMIN_SECRET,
    ];
    let plain = tokens.map(str::to_owned);
    let basic = [sample::ADA_EMAIL, sample::GRACE_EMAIL]
        .map(|email| STANDARD.encode(format!("{email}/token:{}", sample::API_TOKEN)));
    let key = STANDARD.encode(format!("{}:{}", desk::KEY, desk::SECRET));
    let encoded = tokens.map(|token| STANDARD.encode(token));
    plain
        .into_iter()
        .chain(basic)
        .chain([key])
        .chain(encoded)
        .collect()
}
