//! The table of answers, row by row.

use super::*;

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Answer::new(response.body(body.into()).unwrap(), "acme.zendesk.com")
}

fn error(result: Result<Answer, DeskError>) -> DeskError {
    result.err().unwrap()
}

fn coded(code: &str) -> String {
    format!(r#"{{"errors":[{{"id":"9-DUB","code":"{code}","title":"Some words"}}]}}"#)
}

#[test]
fn every_refusal_has_its_meaning() {
    let rows = [
        (
            400,
            coded("InvalidPaginationParameter"),
            DeskError::Refused { status: 400 },
        ),
        (401, coded("Unauthorized"), DeskError::Unauthorized),
        (
            401,
            r#"{"error":"invalid_token"}"#.into(),
            DeskError::Unauthorized,
        ),
        (403, coded("InvalidPermissions"), DeskError::Forbidden),
        (403, r#"{"error":"Forbidden"}"#.into(), DeskError::Forbidden),
        (403, coded("NotEligibleForState"), DeskError::NotEligible),
        (
            403,
            "<html>Blocked by your company".into(),
            DeskError::Unintelligible {
                detail: "a web page that forbids access".into(),
            },
        ),
        (404, coded("AgentNotFound"), DeskError::NotFound),
        (404, String::new(), DeskError::NotFound),
        (
            406,
            coded("NotAcceptable"),
            DeskError::Refused { status: 406 },
        ),
        (409, coded("ConflictUpdate"), DeskError::Conflict),
        (423, coded("AccountLocked"), DeskError::AccountLocked),
        (
            429,
            coded("TooManyRequests"),
            DeskError::RateLimited { retry_after: None },
        ),
        (
            500,
            coded("InternalServerError"),
            DeskError::Server {
                status: 500,
                retry_after: None,
            },
        ),
        (
            502,
            "<html>Bad gateway".into(),
            DeskError::Server {
                status: 502,
                retry_after: None,
            },
        ),
        (304, String::new(), DeskError::Refused { status: 304 }),
        (418, "teapot".into(), DeskError::Refused { status: 418 }),
    ];
    for (status, body, meaning) in rows {
        assert_eq!(
            error(answer(status, &[], &body).accepted()),
            meaning,
            "{status} {body}"
        );
    }
}

#[test]
fn a_refused_write_tells_whether_the_status_is_gone() {
    let nobody = r#"{"error":{"title":"No help desk at acme.zendesk.com","message":"There is no help desk configured at this address."}}"#;
    let rows = [
        (400, coded("InvalidParameter"), DeskError::NoSuchStatus),
        (
            400,
            coded("SomethingElse"),
            DeskError::Refused { status: 400 },
        ),
        (404, coded("AgentNotFound"), DeskError::NoSuchStatus),
        (404, nobody.into(), DeskError::NotFound),
        (404, "<html>Oops".into(), DeskError::NotFound),
        (409, coded("ConflictUpdate"), DeskError::Conflict),
    ];
    for (status, body, meaning) in rows {
        assert_eq!(
            error(answer(status, &[], &body).written()),
            meaning,
            "{status} {body}"
        );
    }
}

#[test]
fn a_read_that_is_not_offered_is_told_from_one_that_failed() {
    for status in [400, 403, 404, 422] {
        for body in [
            coded("InvalidPermissions"),
            String::new(),
            "Not found".into(),
        ] {
            assert!(
                matches!(answer(status, &[], &body).offered(), Ok(None)),
                "{status} {body}"
            );
        }
        assert!(answer(status, &[], "<html>").offered().is_err(), "{status}");
    }
    let nobody = "There is no help desk configured at this address";
    assert_eq!(
        answer(404, &[], nobody).offered().err(),
        Some(DeskError::NotFound)
    );
    for status in [302, 401, 409, 423, 429, 500, 503] {
        assert!(answer(status, &[], "{}").offered().is_err(), "{status}");
    }
    assert!(matches!(answer(200, &[], "{}").offered(), Ok(Some(_))));
}

#[test]
fn a_redirect_is_named_by_its_host_alone() {
    for (location, target) in [
        (
            "https://login.example.com/sso?ticket=s3cret",
            "login.example.com",
        ),
        (
            "https://me:s3cret@portal.example.com:8443/",
            "portal.example.com",
        ),
        ("//portal.example.com/", "portal.example.com"),
        ("/auth/v3/signin", "acme.zendesk.com"),
        ("mailto:x", "an unknown address"),
    ] {
        for status in [301, 302, 307, 308] {
            let meaning = error(answer(status, &[("location", location)], "").accepted());
            assert_eq!(
                meaning,
                DeskError::Redirected {
                    target: target.into()
                },
                "{location}"
            );
        }
    }
}

#[test]
fn the_wait_is_read_in_seconds_or_as_a_date() {
    let wait = |value: &str| {
        let headers = [
            ("retry-after", value),
            ("date", "Sat, 21 Nov 2026 10:00:00 GMT"),
        ];
        let limited = error(answer(429, &headers, "").accepted()).retry_after();
        let failed = error(answer(503, &headers, "").accepted()).retry_after();
        assert_eq!(limited, failed);
        limited.map(|wait| wait.as_secs())
    };
    assert_eq!(wait("37"), Some(37));
    assert_eq!(wait("0"), Some(0));
    assert_eq!(wait("Sat, 21 Nov 2026 10:01:30 GMT"), Some(90));
    assert_eq!(wait("Sat, 21 Nov 2026 09:00:00 GMT"), Some(0));
    assert_eq!(wait("18446744073709551615"), Some(86_400));
    assert_eq!(wait("soon"), None);
    assert_eq!(wait("-1"), None);
}

#[test]
fn a_date_without_the_servers_clock_goes_by_this_computers() {
    let headers = [("retry-after", "Fri, 31 Dec 2100 00:00:00 GMT")];
    let wait = error(answer(429, &headers, "").accepted()).retry_after();
    assert_eq!(wait, Some(LONGEST_WAIT));
}

#[test]
fn content_that_is_not_zendesks_is_named() {
    #[derive(Debug, serde::Deserialize)]
    struct Needed {
        #[expect(dead_code, reason = "only its being there counts")]
        user: Vec<u64>,
    }
    let page = [("content-type", "text/html; charset=utf-8")];
    let none: [(&str, &str); 0] = [];
    let rows = [
        (&none[..], "", "an empty answer"),
        (&none[..], " \n", "an empty answer"),
        (&page[..], "Sign in to the guest network", "a web page"),
        (&none[..], "\n<!doctype html><title>Sign in", "a web page"),
        (&none[..], r#"{"user":[1,"#, "JSON that is cut off"),
        (&none[..], "It works!", "no JSON"),
        (&none[..], "{}", "JSON without \u{201c}user\u{201d}"),
        (&none[..], r#"{"user":"s3cret"}"#, "JSON of another shape"),
    ];
    for (headers, body, detail) in rows {
        let error = answer(200, headers, body).json::<Needed>().unwrap_err();
        assert_eq!(
            error,
            DeskError::Unintelligible {
                detail: detail.into()
            },
            "{body}"
        );
    }
}

#[test]
fn what_is_left_of_the_accounts_requests_is_read_in_every_spelling() {
    let budget = |headers: &[(&str, &str)]| answer(200, headers, "{}").budget();
    let left = |resets_in_s: Option<u64>| Budget {
        limit: 200,
        remaining: 7,
        resets_in: resets_in_s.map(Duration::from_secs),
    };
    let old = [("X-Rate-Limit", "200"), ("X-Rate-Limit-Remaining", "7")];
    assert_eq!(budget(&old), Some(left(None)));
    let new = [
        ("ratelimit-limit", "200"),
        ("ratelimit-remaining", "7"),
        ("ratelimit-reset", "41"),
    ];
    assert_eq!(budget(&new), Some(left(Some(41))));
    assert_eq!(budget(&new[..1]), None);
    assert_eq!(budget(&[("x-rate-limit", "many"), new[1]]), None);
}
