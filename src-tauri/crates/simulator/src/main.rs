//! The simulator as a program: Zendesk on one port, its control API on another.

use std::io::{self, Write};

use clap::Parser;
use simulator::{Control, Simulator, Zendesk, sample};

/// Zendesk as a strict local server.
///
/// Prints one line of JSON with its addresses and tokens, then serves until it is stopped.
#[derive(Parser)]
#[command(name = "statuslight-simulator", version)]
struct Arguments {
    /// The help desk's port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The control API's port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    control_port: u16,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let zendesk = Zendesk::default();
    let server = Simulator::http(&zendesk, arguments.port).await?;
    let control = Control::start(&zendesk, arguments.control_port).await?;
    let started = serde_json::json!({
        "url": server.url(),
        "control": control.url(),
        "token": control.token(),
        "agent": {"id": sample::ADA, "email": sample::ADA_EMAIL},
        "bearer": sample::ADA_TOKEN,
        "admin_bearer": sample::GRACE_TOKEN,
        "api_token": sample::API_TOKEN,
    });
    writeln!(io::stdout(), "{started}")?;
    std::future::pending().await
}
