//! A class as its teacher prints it: each child, what was said, and when. It names what children said: whether the reader may have it is
//! for the caller to ask.

use super::document::{Block, Cell, Column, Document, Table};
use super::words::{self, Key, fill, say};
use crate::acknowledgments::class::{Child, Room};
use crate::kernel::{Locale, Moment};
use crate::obligations::State;
use crate::roster::District;

/// The list in the reader's language, children as they are given.
pub fn class(district: &District, room: &Room, children: &[Child], locale: Locale, now: Moment) -> Document {
    let subject = fill(locale, Key::ClassOf, &[("title", &room.title), ("class", &room.section_title), ("school", &room.school)]);
    let count = [("number", (room.asked - room.open).to_string()), ("all", room.asked.to_string())];
    let rows = children.iter().map(|child| {
        let said = match child.state {
            State::Fulfilled => Key::ClassSaidYes,
            State::Declined => Key::ClassSaidNo,
            State::Open | State::Exempt => Key::ClassNotYet,
        };
        let day = child.closed.filter(|_| child.has_answered()).map(|day| locale.day(day)).unwrap_or_default();
        vec![Cell::text(format!("{} {}", child.given, child.family)), Cell::text(say(locale, said)), Cell::text(day)]
    });
    let column = |key, width| Column::text(say(locale, key), width);
    let table = Table {
        caption: say(locale, Key::ClassTitle).to_owned(),
        columns: vec![column(Key::ClassChild, 2.0), column(Key::Answer, 1.0), column(Key::Date, 1.5)],
        row_headers: true,
        rows: rows.collect(),
    };
    Document {
        title: say(locale, Key::ClassTitle).to_owned(),
        lang: locale.tag().to_owned(),
        subject,
        author: district.name.clone(),
        made_on: words::made_on(locale, district, now),
        made_at: now,
        footer: room.title.clone(),
        blocks: vec![
            Block::text(fill(locale, Key::ClassCount, &[("number", &count[0].1), ("all", &count[1].1)])),
            Block::Table(table),
            Block::text(say(locale, Key::ClassPrivate)),
        ],
    }
}
