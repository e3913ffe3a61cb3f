//! What a request gets instead of its answer, where a fault is ordered.

use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Response, StatusCode};

use crate::body::WireBody;
use crate::fault::Fault;
use crate::listener::ConnectionReset;

/// What a request gets instead of its answer; `documented` makes the body that goes with a status code.
pub(crate) async fn break_answer(
    fault: &Fault,
    carried_out: Option<Response<Vec<u8>>>,
    documented: impl FnOnce(u16, Option<u32>) -> Response<Vec<u8>>,
) -> Result<Response<WireBody>, ConnectionReset> {
    let with_type = |body, says| {
        let mut answer = Response::new(body);
        let says = HeaderValue::from_static(says);
        answer.headers_mut().insert(CONTENT_TYPE, says);
        answer
    };
    let json = |body| with_type(body, "application/json; charset=utf-8");
    let right = carried_out.unwrap_or_default();
    Ok(match fault {
        Fault::Hang => std::future::pending().await,
        Fault::Reset => return Err(ConnectionReset),
        Fault::TruncatedBody => right.map(WireBody::half),
        Fault::CutJson => right.map(|mut body| {
            body.truncate(body.len() / 2);
            WireBody::whole(body)
        }),
        Fault::Html => {
            let page = "<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body></body></html>";
            with_type(WireBody::whole(page.into()), "text/html; charset=utf-8")
        }
        Fault::NotJson => json(WireBody::whole(b"this is not JSON".to_vec())),
        Fault::HugeBody => json(WireBody::huge()),
        Fault::Redirect { to } => {
            let mut redirect = Response::new(WireBody::whole(Vec::new()));
            *redirect.status_mut() = StatusCode::FOUND;
            if let Ok(to) = to.parse() {
                redirect.headers_mut().insert(LOCATION, to);
            }
            redirect
        }
        Fault::Status { code, retry_after } => documented(*code, *retry_after).map(WireBody::whole),
        // Lateness alone changes nothing about the answer.
        Fault::Delay { .. } => right.map(WireBody::whole),
    })
}
