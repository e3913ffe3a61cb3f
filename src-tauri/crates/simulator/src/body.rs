//! The body of an answer on the wire, the misbehaving ones included.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// 40 MB, in pieces of 64 kB.
const HUGE_PIECES: usize = 640;
static PIECE: [u8; 65_536] = [b'a'; 65_536];

/// What follows an answer's headers.
#[derive(Debug)]
pub(crate) enum WireBody {
    /// All of it.
    Whole(Option<Bytes>),
    /// Half of what `Content-Length` promises, then the end of the connection.
    Half {
        half: Option<Bytes>,
        promised: u64,
        /// Whether there was a pause between the half and the end.
        paused: bool,
    },
    /// 40 MB of one valid JSON string.
    Huge { piece: usize },
}

/// The body ends before its promised length.
#[derive(Debug, thiserror::Error)]
#[error("the body ends early")]
pub(crate) struct EndsEarly;

impl WireBody {
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        Self::Whole(Some(bytes.into()))
    }

    pub(crate) fn half(mut bytes: Vec<u8>) -> Self {
        let promised = bytes.len() as u64;
        bytes.truncate(bytes.len() / 2);
        Self::Half {
            half: Some(bytes.into()),
            promised,
            paused: false,
        }
    }

    pub(crate) fn huge() -> Self {
        Self::Huge { piece: 0 }
    }

    fn next(&mut self) -> Option<Result<Bytes, EndsEarly>> {
        match self {
            Self::Whole(bytes) => bytes.take().filter(|bytes| !bytes.is_empty()).map(Ok),
            Self::Half { half, .. } => Some(half.take().ok_or(EndsEarly)),
            Self::Huge { piece } => {
                let bytes = match *piece {
                    0 => Bytes::from_static(b"{\"padding\":\""),
                    1..=HUGE_PIECES => Bytes::from_static(&PIECE),
                    _ if *piece == HUGE_PIECES + 1 => Bytes::from_static(b"\"}"),
                    _ => return None,
                };
                *piece += 1;
                Some(Ok(bytes))
            }
        }
    }

    /// The whole body at once, for callers without a socket.
    pub(crate) fn collect(mut self) -> Result<Vec<u8>, EndsEarly> {
        let mut all = Vec::new();
        while let Some(bytes) = self.next() {
            all.extend_from_slice(&bytes?);
        }
        Ok(all)
    }
}

impl Body for WireBody {
    type Data = Bytes;
    type Error = EndsEarly;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        // An error drops whatever is still buffered; a pause before it lets the half reach the socket.
        if let Self::Half {
            half: None,
            paused: paused @ false,
            ..
        } = &mut *self
        {
            *paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.next().map(|bytes| bytes.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Half { promised, .. } => SizeHint::with_exact(*promised),
            Self::Huge { .. } => SizeHint::default(),
        }
    }
}
