//! Requests of anything to a sign-in that waits.

use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::*;
use crate::nonsense::{corpus, try_with};

const STATE: &str = "the-state-of-this-very-sign-in";

#[test]
fn only_a_request_with_the_state_of_this_sign_in_brings_an_answer() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let mut brought = 0;
    try_with(&corpus("redirect"), |request| {
        let (answer, mut answers) = mpsc::channel(1);
        let awaited = Arc::new(Awaited {
            state: STATE.into(),
            host: "127.0.0.1:47823".to_owned(),
            answer,
        });
        runtime.block_on(async {
            let (mut browser, ours) = duplex(2 * 1024 * 1024);
            browser.write_all(request).await.unwrap();
            browser.shutdown().await.unwrap();
            serve(ours, awaited).await;
            let mut page = Vec::new();
            browser.read_to_end(&mut page).await.unwrap();
            assert!(page.is_empty() || page.starts_with(b"HTTP/1."));
        });
        if answers.try_recv().is_ok() {
            brought += 1;
            let request = String::from_utf8_lossy(request);
            assert!(request.contains("callback?"), "{request}");
        }
    });
    assert!(brought > 0, "not even the true ones got through");
}
