//! A picture for each child of a class, so that somebody who can't read yet finds the own tile: simple drawings that differ in outline
//! and not in colour alone, each with a plain name for whoever hears the page. No photographs: a picture says nothing of a child.

use std::collections::HashMap;

use uuid::Uuid;

/// A drawing. Its colours are classes of `class.css`.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// The message with its name.
    pub key: &'static str,
    drawing: &'static str,
}

impl Picture {
    /// The drawing for a page; its name stands beside it.
    pub fn svg(&self) -> String {
        format!(r#"<svg class="picture" viewBox="0 0 64 64" aria-hidden="true" focusable="false">{}</svg>"#, self.drawing)
    }
}

const fn picture(key: &'static str, drawing: &'static str) -> Picture {
    Picture { key, drawing }
}

/// More than a class has children.
pub const PICTURES: [Picture; 40] = [
    picture(
        "picture-sun",
        r#"<circle class="y" cx="32" cy="32" r="13"/><path d="M32 6v8M32 50v8M6 32h8M50 32h8M14 14l5 5M45 45l5 5M14 50l5-5M45 19l5-5"/>"#,
    ),
    picture("picture-moon", r#"<path class="y" d="M38 8a24 24 0 1 0 18 38A22 22 0 0 1 38 8z"/>"#),
    picture("picture-heart", r#"<path class="r" d="M32 55C12 40 5 27 12 17c6-8 17-6 20 4 3-10 14-12 20-4 7 10 0 23-20 38z"/>"#),
    picture(
        "picture-house",
        r#"<path class="y" d="M14 30h36v26H14z"/><path class="r" d="M6 32 32 8l26 24z"/><path class="n" d="M27 40h10v16H27z"/>"#,
    ),
    picture("picture-tree", r#"<path class="n" d="M27 40h10v18H27z"/><path class="g" d="M32 6 52 30H42l10 14H12l10-14H12z"/>"#),
    picture(
        "picture-fish",
        r#"<path class="b" d="M42 32 58 19v26z"/><ellipse class="b" cx="26" cy="32" rx="20" ry="13"/><circle class="d" cx="16" cy="28" r="2"/><path d="M30 24c4 5 4 11 0 16"/>"#,
    ),
    picture("picture-boat", r#"<path class="w" d="M34 8 54 38H34zM28 14v24H12z"/><path class="n" d="M6 42h52l-9 14H15z"/>"#),
    picture(
        "picture-car",
        r#"<path class="r" d="M5 46V34l9-3 7-12h20l8 12 10 3v12z"/><path class="w" d="m22 31 4-7h12l5 7z"/><circle class="k" cx="18" cy="46" r="7"/><circle class="k" cx="46" cy="46" r="7"/>"#,
    ),
    picture(
        "picture-balloon",
        r#"<path d="M32 44c-5 6 5 9 0 16"/><ellipse class="v" cx="32" cy="24" rx="16" ry="19"/><path class="v" d="m28 46 4-4 4 4z"/>"#,
    ),
    picture(
        "picture-apple",
        r#"<path class="r" d="M32 22c-8-6-22-3-22 13 0 13 9 23 16 23 3 0 3-2 6-2s3 2 6 2c7 0 16-10 16-23 0-16-14-19-22-13z"/><path d="M32 22c0-6 1-9 3-13"/><path class="g" d="M36 14c3-7 9-8 14-7-1 7-7 10-14 7z"/>"#,
    ),
    picture(
        "picture-flower",
        r#"<path d="M32 36v24"/><path class="g" d="M32 54c8 0 12-4 13-10-8 0-12 4-13 10z"/><g class="v"><circle cx="32" cy="11" r="8"/><circle cx="43" cy="20" r="8"/><circle cx="39" cy="33" r="8"/><circle cx="25" cy="33" r="8"/><circle cx="21" cy="20" r="8"/></g><circle class="y" cx="32" cy="23" r="7"/>"#,
    ),
    picture(
        "picture-cloud",
        r#"<path class="b" d="M18 42a10 10 0 0 1-1-20 15 15 0 0 1 28-3 12 12 0 0 1 1 23z"/><path d="m20 48-3 8M32 48l-3 8M44 48l-3 8"/>"#,
    ),
    picture(
        "picture-umbrella",
        r#"<path d="M32 30v22a6 6 0 0 0 12 0"/><path class="v" d="M6 32a26 24 0 0 1 52 0c-5-4-9-4-13 0-4-4-9-4-13 0-4-4-9-4-13 0-4-4-8-4-13 0z"/><path d="M32 4v4"/>"#,
    ),
    picture(
        "picture-key",
        r#"<path d="M28 32h30M46 32v10M56 32v10"/><circle class="y" cx="18" cy="32" r="12"/><circle class="w" cx="18" cy="32" r="4"/>"#,
    ),
    picture(
        "picture-bell",
        r#"<circle class="n" cx="32" cy="51" r="5"/><path class="y" d="M12 48c6-5 6-12 6-20a14 14 0 0 1 28 0c0 8 0 15 6 20z"/><path d="M32 14V6"/>"#,
    ),
    picture(
        "picture-cup",
        r#"<path d="M44 28h5a8 8 0 0 1 0 16h-5"/><path class="b" d="M12 22h32v26a8 8 0 0 1-8 8H20a8 8 0 0 1-8-8z"/><path d="M22 16c-3-4 3-6 0-10M34 16c-3-4 3-6 0-10"/>"#,
    ),
    picture(
        "picture-hat",
        r#"<path class="v" d="M18 44 20 10h24l2 34z"/><path class="y" d="M18.5 34h27l.5 10H18z"/><ellipse class="v" cx="32" cy="48" rx="26" ry="6"/>"#,
    ),
    picture("picture-leaf", r#"<path class="g" d="M12 52C8 26 26 10 54 10c2 28-14 46-42 42z"/><path d="M6 58 40 24M24 40V28M24 40h12"/>"#),
    picture(
        "picture-mushroom",
        r#"<path class="w" d="M24 34h16l2 18a4 4 0 0 1-4 4H26a4 4 0 0 1-4-4z"/><path class="r" d="M6 36a26 26 0 0 1 52 0z"/><circle class="w" cx="24" cy="24" r="4"/><circle class="w" cx="40" cy="26" r="5"/>"#,
    ),
    picture(
        "picture-drum",
        r#"<path class="r" d="M10 22v26c0 5 10 9 22 9s22-4 22-9V22z"/><ellipse class="w" cx="32" cy="22" rx="22" ry="8"/><path d="m10 28 8 24 10-22 8 26 10-27 8 22M8 4l20 16M56 4 36 20"/>"#,
    ),
    picture("picture-kite", r#"<path class="o" d="M36 4 56 24 32 46 16 16z"/><path d="M36 4 32 46M16 16l40 8M32 46c-8 4 2 8-6 14"/>"#),
    picture(
        "picture-ball",
        r#"<circle class="w" cx="32" cy="32" r="25"/><path class="r" d="M32 7a36 36 0 0 0 0 50A25 25 0 0 1 32 7z"/><path class="b" d="M32 7a36 36 0 0 1 0 50 25 25 0 0 0 0-50z"/>"#,
    ),
    picture(
        "picture-rocket",
        r#"<path class="y" d="m26 48 6 13 6-13z"/><path class="r" d="M22 32 10 48h14zM42 32l12 16H40z"/><path class="w" d="M32 3c12 12 14 28 8 45H24c-6-17-4-33 8-45z"/><circle class="b" cx="32" cy="24" r="6"/>"#,
    ),
    picture(
        "picture-train",
        r#"<path class="k" d="M44 10h8v18h-8z"/><path class="g" d="M6 10h24v18h28v18H6z"/><path class="w" d="M12 16h12v10H12z"/><circle class="k" cx="16" cy="48" r="8"/><circle class="k" cx="36" cy="50" r="6"/><circle class="k" cx="52" cy="50" r="6"/>"#,
    ),
    picture(
        "picture-pear",
        r#"<path class="g" d="M32 12c8 0 8 8 9 14 1 7 11 10 11 20 0 8-8 12-20 12s-20-4-20-12c0-10 10-13 11-20 1-6 1-14 9-14z"/><path d="M32 12c0-4 1-6 4-8"/>"#,
    ),
    picture(
        "picture-bird",
        r#"<path class="o" d="m50 22 10 4-10 5z"/><path class="b" d="M4 30c8 2 12 2 16-2 4-14 12-18 20-17 8 1 12 8 12 15 0 16-12 24-24 24C14 50 6 42 4 30z"/><path class="w" d="M20 32c8 10 16 8 20-2-6-2-14-2-20 2z"/><circle class="d" cx="43" cy="22" r="2"/><path d="M26 50v9M34 50v9"/>"#,
    ),
    picture(
        "picture-cat",
        r#"<path class="o" d="M10 6 24 17a28 28 0 0 1 16 0L54 6l2 30c0 14-11 22-24 22S8 50 8 36z"/><circle class="d" cx="23" cy="32" r="2.5"/><circle class="d" cx="41" cy="32" r="2.5"/><path d="M29 40h6l-3 4zM32 44c-2 5-7 5-9 2M32 44c2 5 7 5 9 2M2 38l12 3M2 48l12-2M62 38l-12 3M62 48l-12-2"/>"#,
    ),
    picture(
        "picture-dog",
        r#"<path class="w" d="M16 14h32v26c0 11-7 18-16 18s-16-7-16-18z"/><path class="n" d="M18 12C8 8 3 18 5 36c1 8 9 8 11 0zM46 12c10-4 15 6 13 24-1 8-9 8-11 0z"/><circle class="d" cx="25" cy="28" r="2.5"/><circle class="d" cx="39" cy="28" r="2.5"/><ellipse class="d" cx="32" cy="38" rx="5" ry="3.5"/><path d="M32 42v4"/><path class="r" d="M27 46h10v3c0 7-10 7-10 0z"/>"#,
    ),
    picture(
        "picture-bear",
        r#"<circle class="n" cx="13" cy="16" r="9"/><circle class="n" cx="51" cy="16" r="9"/><circle class="n" cx="32" cy="34" r="24"/><ellipse class="w" cx="32" cy="43" rx="12" ry="9"/><circle class="d" cx="23" cy="28" r="2.5"/><circle class="d" cx="41" cy="28" r="2.5"/><path class="d" d="M28 38h8l-4 5z"/><path d="M32 43v4"/>"#,
    ),
    picture(
        "picture-rabbit",
        r#"<path class="w" d="M22 30C14 20 14 4 20 4s10 14 9 25zM42 30c8-10 8-26 2-26s-10 14-9 25z"/><circle class="w" cx="32" cy="42" r="18"/><circle class="d" cx="25" cy="38" r="2.5"/><circle class="d" cx="39" cy="38" r="2.5"/><path class="r" d="M29 45h6l-3 4z"/><path d="M32 49v5M14 46l8 1M50 46l-8 1"/>"#,
    ),
    picture(
        "picture-frog",
        r#"<circle class="g" cx="17" cy="19" r="11"/><circle class="g" cx="47" cy="19" r="11"/><ellipse class="g" cx="32" cy="38" rx="27" ry="19"/><circle class="w" cx="17" cy="18" r="6"/><circle class="w" cx="47" cy="18" r="6"/><circle class="d" cx="17" cy="18" r="2"/><circle class="d" cx="47" cy="18" r="2"/><path d="M14 40c10 10 26 10 36 0"/>"#,
    ),
    picture(
        "picture-owl",
        r#"<path class="n" d="M12 6c6 5 12 6 20 6s14-1 20-6c4 12 4 26 0 38-3 9-10 14-20 14S15 53 12 44C8 32 8 18 12 6z"/><circle class="w" cx="22" cy="25" r="9"/><circle class="w" cx="42" cy="25" r="9"/><circle class="d" cx="22" cy="25" r="3"/><circle class="d" cx="42" cy="25" r="3"/><path class="o" d="M28 33h8l-4 8z"/><path d="M22 46c3 4 6 4 10 0 4 4 7 4 10 0"/>"#,
    ),
    picture(
        "picture-turtle",
        r#"<path class="y" d="M44 40c0-8 4-14 10-14s8 6 6 11-8 9-16 9zM12 44h10v11H12zM34 44h10v11H34z"/><path class="g" d="M4 46a22 26 0 0 1 44 0z"/><path d="m18 46 4-12h10l4 12M22 34l-6-8M32 34l4-8"/><circle class="d" cx="55" cy="33" r="2"/>"#,
    ),
    picture(
        "picture-snail",
        r#"<path class="y" d="M4 56c0-6 6-8 14-8h26c4 0 6-3 6-8V26h8v18c0 8-6 12-14 12z"/><path d="m52 26-3-10M56 26l4-10"/><circle class="o" cx="26" cy="32" r="18"/><path d="M26 32c0-4 6-4 6 1 0 7-12 7-12-2 0-11 18-11 18 1"/>"#,
    ),
    picture(
        "picture-butterfly",
        r#"<path class="v" d="M30 28C24 8 6 4 5 16c-1 10 8 16 25 14zM34 28C40 8 58 4 59 16c1 10-8 16-25 14z"/><path class="o" d="M30 32C16 30 8 36 10 46c2 9 16 8 20-8zM34 32c14-2 22 4 20 14-2 9-16 8-20-8z"/><path class="d" d="M30 20h4v32h-4z"/><path d="m30 20-6-10M34 20l6-10"/>"#,
    ),
    picture(
        "picture-ladybug",
        r#"<path d="M24 12 18 4M40 12l6-8M10 30l-8-4M10 44l-8 4M54 30l8-4M54 44l8 4"/><path class="k" d="M18 22a14 14 0 0 1 28 0z"/><ellipse class="r" cx="32" cy="38" rx="22" ry="20"/><path d="M32 18v40"/><circle class="d" cx="22" cy="32" r="3.5"/><circle class="d" cx="42" cy="32" r="3.5"/><circle class="d" cx="22" cy="46" r="3.5"/><circle class="d" cx="42" cy="46" r="3.5"/>"#,
    ),
    picture(
        "picture-carrot",
        r#"<path class="g" d="M40 24c-4-10 0-18 4-20 2 6 2 8 2 10 6-6 12-4 14-2-2 6-10 12-20 12z"/><path class="o" d="M44 20c8 8 4 16-2 18L6 58l20-36c2-6 10-10 18-2z"/><path d="m24 28 7 7M18 40l6 6"/>"#,
    ),
    picture(
        "picture-ice-cream",
        r#"<path class="n" d="M16 32h32L32 61z"/><path d="m23 32 14 19M41 32 27 51"/><path class="v" d="M12 32c-2-16 8-27 20-27s22 11 20 27c-4 4-7 4-10 0-4 5-8 5-10 0-3 5-7 5-10 0-3 4-6 4-10 0z"/>"#,
    ),
    picture(
        "picture-clock",
        r#"<path d="m18 52-6 8M46 52l6 8"/><circle class="o" cx="14" cy="12" r="8"/><circle class="o" cx="50" cy="12" r="8"/><circle class="w" cx="32" cy="33" r="24"/><path d="M32 18v15l10 7"/>"#,
    ),
    picture(
        "picture-whale",
        r#"<g transform="translate(1 2) scale(.95)"><path class="b" d="M4 34c0-10 10-14 20-14 14 0 18 12 26 12 4 0 4-6 2-8-6 0-8-4-8-8 6-2 9 0 11 4 2-4 5-6 9-4 0 6-2 8-5 9 2 18-10 29-28 29C14 54 4 46 4 34z"/><circle class="d" cx="16" cy="34" r="2.5"/><path d="M4 40c6 4 14 4 20 2M20 20v-6c-4-6-8-4-10-2M20 14c4-6 8-4 10-2"/></g>"#,
    ),
];

/// Gives each child of a class a picture, by its place in the list: the first that is free from the child's own place on. `members`: who
/// ever was in the class, in the order in which they came, and whether they are there; whoever comes later takes nobody's picture away,
/// and whoever leaves gives it up only when no other is free.
pub fn assign(members: impl IntoIterator<Item = (Uuid, bool)>, pictures: usize) -> HashMap<Uuid, usize> {
    let mut holders: Vec<Option<(Uuid, bool)>> = vec![None; pictures];
    let mut given = HashMap::new();
    for (member, here) in members {
        let own = usize::try_from(member.as_u128() % pictures as u128).unwrap_or_default();
        let places = || (0..pictures).map(|step| (own + step) % pictures);
        let place = places()
            .find(|p| holders[*p].is_none())
            .or_else(|| places().find(|p| holders[*p].is_some_and(|(_, here)| !here)))
            .unwrap_or(own);
        if let Some((before, false)) = holders[place] {
            given.remove(&before);
        }
        holders[place] = Some((member, here));
        given.insert(member, place);
    }
    given
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn class(numbers: std::ops::Range<u128>) -> Vec<(Uuid, bool)> {
        // As random as a uid is, and the same in every run.
        numbers.map(|n| (Uuid::from_u128(n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)), true)).collect()
    }

    #[test]
    fn a_class_of_thirty_has_thirty_pictures() {
        let given = assign(class(0..30), PICTURES.len());
        assert_eq!(given.values().collect::<BTreeSet<_>>().len(), 30);
        let (keys, drawings): (BTreeSet<_>, BTreeSet<_>) = PICTURES.iter().map(|p| (p.key, p.drawing)).unzip();
        assert_eq!((keys.len(), drawings.len()), (PICTURES.len(), PICTURES.len()));
        for locale in [crate::kernel::Locale::En, crate::kernel::Locale::Es] {
            let names: BTreeSet<String> = keys.iter().map(|key| crate::web::words::say(locale, key)).collect();
            assert!(names.len() == PICTURES.len() && names.iter().all(|name| !name.starts_with("picture-")), "{names:?}");
        }
    }

    #[test]
    fn a_child_keeps_the_picture_while_others_come_and_go() {
        let mut members = class(0..24);
        let before = assign(members.clone(), PICTURES.len());
        members[3].1 = false;
        members[7].1 = false;
        members.extend(class(24..34));
        let after = assign(members.clone(), PICTURES.len());
        assert!(before.iter().all(|(child, picture)| after[child] == *picture));
        // 44 over the year, 38 there: those who left make room, no two who are there share one.
        for gone in &mut members[8..12] {
            gone.1 = false;
        }
        members.extend(class(34..44));
        let full = assign(members.clone(), PICTURES.len());
        let here: Vec<usize> = members.iter().filter(|(_, here)| *here).map(|(child, _)| full[child]).collect();
        assert_eq!((here.len(), here.iter().collect::<BTreeSet<_>>().len()), (38, 38));
    }

    #[test]
    fn a_class_larger_than_there_are_pictures_shares_some() {
        assert_eq!(assign(class(0..50), 40).len(), 50);
    }
}
