use domain::{Code, Failure};

use super::*;
use crate::sample;

#[test]
fn the_next_read_waits_for_as_long_as_it_was_asked_to() {
    let usual = Duration::from_secs(30);
    let mut account = sample::at_lunch();
    assert_eq!(pause(&account, usual), usual);
    account.link = Link::SignedOut;
    assert!(pause(&account, usual) > usual);
    account.link = Link::RateLimited;
    let mut trouble = Failure::new(Code::RateLimited, "Wait.");
    trouble.retry_after_s = Some(90);
    account.trouble = Some(trouble);
    assert_eq!(pause(&account, usual), Duration::from_secs(90));
}
