//! The district itself.

use assent::kernel::{Locale, Problem};
use assent::roster::district;

story!(a_district_is_made_once, |world| {
    let mut tx = world.write().await;
    let again = district::init(&mut tx, "Another", "America/Chicago", Locale::En).await;
    assert!(matches!(again, Err(Problem::Conflict(_))));
});

story!(a_wrong_time_zone_is_named_with_its_remedy, |world| {
    let mut tx = world.write().await;
    let problem = district::init(&mut tx, "Another", "Chicago", Locale::En).await.unwrap_err();
    assert!(problem.to_string().contains("“Chicago” is not a time zone: write an IANA name such as America/Chicago"));
});
