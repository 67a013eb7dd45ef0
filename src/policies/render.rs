//! Markdown to HTML that is safe to put on a page, whoever wrote it: raw HTML is never passed on, and what comes out is cleaned
//! once more against a short list of elements. Links lead to web pages, mail, telephone, or places of this site.

use std::collections::HashSet;
use std::sync::LazyLock;

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(cleaner);

fn cleaner() -> ammonia::Builder<'static> {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "p",
            "ul",
            "ol",
            "li",
            "strong",
            "em",
            "a",
            "br",
            "blockquote",
            "code",
            "pre",
            "hr",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ]))
        .tag_attributes([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))].into_iter().collect())
        .url_schemes(HashSet::from(["https", "http", "mailto", "tel"]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .link_rel(Some("noopener noreferrer"));
    cleaner
}

/// The same for a lesson, which has headings of its own below the page's: `##` and `###`.
static LESSONS: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = cleaner();
    cleaner.add_tags(["h2", "h3"]);
    cleaner
});

/// HTML of a lesson, with its sections' headings; otherwise as [`html`].
pub fn lesson(markdown: &str) -> String {
    LESSONS.clean(&raw(markdown)).to_string()
}

/// HTML of a clause. Takes any text, gives well-formed HTML without scripts, styles, images, headings or ids.
pub fn html(markdown: &str) -> String {
    CLEANER.clean(&raw(markdown)).to_string()
}

fn raw(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.render.r#unsafe = false;
    comrak::markdown_to_html(markdown, &options)
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn plain_markdown_becomes_plain_html() {
        assert_eq!(html("Be **kind**.\n\n- a\n- b"), "<p>Be <strong>kind</strong>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
        assert!(html("[site](https://example.org)").contains("<a href=\"https://example.org\" rel=\"noopener noreferrer\">site</a>"));
    }

    #[test]
    fn a_lesson_keeps_its_headings_and_a_clause_has_none() {
        assert_eq!(super::lesson("## Why\n\nSo."), "<h2>Why</h2>\n<p>So.</p>\n");
        assert!(!html("## Why").contains("<h2>"));
    }

    #[test]
    fn nothing_hostile_comes_through() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt&#58;alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox)",
            "![x](javascript:alert(1))",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<javascript:alert(1)>",
            "<svg/onload=alert(1)>",
            "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
            "<style>*{display:none}</style>",
            "[x](https://example.org\" onclick=\"alert(1))",
            "[x](<https://example.org\" onclick=\"alert(1)>)",
            "`<script>`\n\n    <script>alert(1)</script>",
            "<a id=\"main\" name=\"x\">x</a>",
        ] {
            let out = html(hostile).to_lowercase();
            // What stands between tags is plain text, whatever it looks like.
            let tags: String = out.split('<').skip(1).filter_map(|t| t.split_once('>')).flat_map(|(tag, _)| ["<", tag, ">"]).collect();
            for bad in ["<script", "<img", "<svg", "<iframe", "<style", "javascript:", "data:", "vbscript:", "\" onclick=", " id="] {
                assert!(!tags.contains(bad), "{hostile} gave {out}");
            }
        }
    }
}
