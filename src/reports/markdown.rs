//! A clause's Markdown as a report's blocks: paragraphs, bold, lists, tables; a link says where it leads. It takes the same Markdown
//! as [`crate::policies::render`], leaves out raw HTML as that does, and must not know whose text it is.

use comrak::nodes::{ListType, Node, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::document::{Block, Cell, Column, Run, Table};

/// The text as blocks. `caption` names a table in it, should there be one.
pub fn blocks(markdown: &str, caption: &str) -> Vec<Block> {
    let mut options = Options::default();
    options.extension.table = true;
    let arena = Arena::new();
    let mut out = Vec::new();
    for node in parse_document(&arena, markdown, &options).children() {
        block(node, caption, &mut out);
    }
    out
}

fn block(node: Node<'_>, caption: &str, out: &mut Vec<Block>) {
    match &node.data().value {
        NodeValue::Paragraph | NodeValue::Heading(_) => out.push(Block::Paragraph(runs(node))),
        NodeValue::CodeBlock(code) => out.push(Block::text(code.literal.trim_end())),
        NodeValue::List(list) => {
            let ordered = list.list_type == ListType::Ordered;
            if ordered && list.start != 1 {
                // A report's numbered list begins at 1: another first number is part of the words.
                let numbered = (list.start..).zip(node.children());
                out.extend(numbered.map(|(number, item)| {
                    let mut text = vec![Run::plain(format!("{number}. "))];
                    text.extend(item_runs(item));
                    Block::Paragraph(joined(text))
                }));
            } else {
                out.push(Block::List { ordered, items: node.children().map(item_runs).collect() });
            }
        }
        NodeValue::Table(_) => out.extend(table(node, caption)),
        NodeValue::BlockQuote => node.children().for_each(|child| block(child, caption, out)),
        _ => {}
    }
}

/// A list item in one piece: its paragraphs, and the items of a list inside it, each on a line of its own.
fn item_runs(item: Node<'_>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for child in item.children() {
        let lines: Vec<Vec<Run>> = match &child.data().value {
            NodeValue::List(list) => {
                let ordered = list.list_type == ListType::Ordered;
                (list.start..)
                    .zip(child.children())
                    .map(|(number, inner)| {
                        let mark = if ordered { format!("{number}. ") } else { "– ".to_owned() };
                        std::iter::once(Run::plain(mark)).chain(item_runs(inner)).collect()
                    })
                    .collect()
            }
            _ => vec![runs(child)],
        };
        for line in lines {
            if !out.is_empty() {
                out.push(Run::plain("\n"));
            }
            out.extend(line);
        }
    }
    joined(out)
}

fn table(node: Node<'_>, caption: &str) -> Option<Block> {
    let mut rows = node.children().map(|row| row.children().map(runs).collect::<Vec<_>>());
    let head = rows.next()?;
    let columns: Vec<Column> = head.iter().map(|cell| Column::text(plain(cell), 1.0)).collect();
    let rows = rows
        .map(|mut row| {
            row.resize(columns.len(), Vec::new());
            row.into_iter().map(Cell::runs).collect()
        })
        .collect();
    Some(Block::Table(Table { caption: caption.to_owned(), columns, row_headers: false, rows }))
}

/// The words of a stretch of runs, without their weight.
fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| if let Run::Text { text, .. } = run { text.as_str() } else { "" }).collect()
}

/// The inline content of a node.
fn runs(node: Node<'_>) -> Vec<Run> {
    let mut out = Vec::new();
    for child in node.children() {
        inline(child, false, &mut out);
    }
    joined(out)
}

fn inline(node: Node<'_>, bold: bool, out: &mut Vec<Run>) {
    let mut say = |text: &str| out.push(Run::Text { text: text.to_owned(), bold });
    match &node.data().value {
        NodeValue::Text(text) => say(text),
        NodeValue::Code(code) => say(&code.literal),
        NodeValue::SoftBreak => say(" "),
        NodeValue::LineBreak => say("\n"),
        NodeValue::HtmlInline(_) => {}
        NodeValue::Strong => node.children().for_each(|child| inline(child, true, out)),
        NodeValue::Link(link) => {
            let before = out.len();
            node.children().for_each(|child| inline(child, bold, out));
            let words = plain(&out[before..]);
            let target = link.url.trim_start_matches("mailto:").trim_start_matches("tel:");
            // Where the words are the address already, once is enough.
            if !target.is_empty() && words != target {
                out.push(Run::Text { text: format!(" ({target})"), bold });
            }
        }
        _ => node.children().for_each(|child| inline(child, bold, out)),
    }
}

/// Neighbours of one weight become one.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for run in runs {
        match (out.last_mut(), run) {
            (Some(Run::Text { text, bold }), Run::Text { text: more, bold: same }) if *bold == same => text.push_str(&more),
            (_, run) => out.push(run),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(markdown: &str) -> Block {
        let mut blocks = blocks(markdown, "1.1");
        assert_eq!(blocks.len(), 1, "{blocks:?}");
        blocks.remove(0)
    }

    #[test]
    fn bold_and_links_keep_their_words() {
        let Block::Paragraph(runs) = only("Be **kind**\nto [us](https://example.org) or <https://example.com>.") else { panic!() };
        let expected = [Run::plain("Be "), Run::bold("kind"), Run::plain(" to us (https://example.org) or https://example.com.")];
        assert_eq!(runs, expected);
    }

    #[test]
    fn a_list_in_a_list_stands_on_its_own_lines() {
        let Block::List { ordered, items } = only("1. one\n   - a\n   - b\n2. two") else { panic!() };
        assert!(ordered);
        assert_eq!(items, [[Run::plain("one\n– a\n– b")], [Run::plain("two")]]);
    }

    #[test]
    fn a_list_keeps_its_first_number_and_a_table_its_cells() {
        let blocks_of = blocks("3. three\n4. four", "");
        assert!(matches!(&blocks_of[0], Block::Paragraph(runs) if runs == &[Run::plain("3. three")]));
        let Block::Table(table) = only("| a | b |\n|---|---|\n| 1 | **2** |") else { panic!() };
        assert_eq!((table.columns.len(), table.rows.len(), table.caption.as_str()), (2, 1, "1.1"));
        assert_eq!(table.rows[0][1].text, [Run::bold("2")]);
    }

    #[test]
    fn raw_html_is_left_out() {
        assert!(blocks("<script>alert(1)</script>", "").is_empty());
    }
}
