//! A server for one connection, written by hand so that it can break any rule.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// A server on a thread of its own, which ends with what it saw.
pub(super) struct Server<R> {
    pub(super) url: String,
    pub(super) thread: JoinHandle<R>,
}

impl<R: Send + 'static> Server<R> {
    /// Waits for the end, while the client goes on: it may have to close its connection first.
    pub(super) async fn ended(self) -> R {
        let joined = tokio::task::spawn_blocking(|| self.thread.join());
        joined.await.unwrap().unwrap()
    }
}

/// Serves the first connection and no other.
pub(super) fn once<R: Send + 'static>(
    serve: impl FnOnce(TcpStream) -> R + Send + 'static,
) -> Server<R> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = thread::spawn(move || serve(listener.accept().unwrap().0));
    Server { url, thread }
}

/// Reads a request up to its body.
pub(super) fn head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}
