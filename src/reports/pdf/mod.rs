//! Writes a [`Document`] as PDF: US Letter, tagged after PDF/UA-1 (ISO 14289-1), with its typeface inside. The same document gives
//! the same bytes. It takes nothing from the clock or the machine, and must not know what a report is about.
//!
//! `flow` (with `table` and `chart`) places blocks on `sheets`, which keep the structure in `tags`; here it becomes a file.

mod chart;
mod flow;
mod fonts;
mod form;
mod lines;
mod sheets;
mod table;
mod tags;

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{AssociationKind, CidFontType, FontFlags, PageMode, SystemInfo, TabOrder, UnicodeCmap};
use pdf_writer::{Chunk, Date, Filter, Finish, Name, Pdf, Rect, Ref, Settings, Str, TextStr};
use sha2::{Digest, Sha256};

use self::flow::{Bookmark, Flow};
use self::fonts::Weight;
use self::sheets::PAGE;
use self::tags::{Tree, nth};
use super::document::Document;
use crate::kernel::{Problem, Result, digest};

/// The file's bytes. Errors are ours, never the reader's: a document that breaks the rules that [`Document`] states.
pub fn render(document: &Document) -> Result<Vec<u8>> {
    render_with(document, None)
}

/// A file that a document carries inside.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// Plain ASCII.
    pub name: String,
    /// Its media type.
    pub kind: &'static str,
    /// What it is, for readers of the document.
    pub about: String,
    pub bytes: Vec<u8>,
}

/// The same with a file attached (an associated file, as ISO 32000-2 has it; older readers show it among the attachments).
pub fn render_with(document: &Document, attached: Option<&Attachment>) -> Result<Vec<u8>> {
    document.check()?;
    File::new(flow::lay(document)?).write(document, attached)
}

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const XMP: Ref = Ref::new(4);
const OUTLINE: Ref = Ref::new(5);
const ATTACHED: Ref = Ref::new(6);
const ATTACHED_FILE: Ref = Ref::new(7);
/// Five numbers each.
const REGULAR: Ref = Ref::new(10);
const BOLD: Ref = Ref::new(20);
const FREE: Ref = Ref::new(30);

/// A laid document with the numbers of its objects.
struct File {
    flow: Flow,
    pages: Vec<Ref>,
    contents: Vec<Ref>,
    marks: Vec<Ref>,
    bookmarks: Vec<Ref>,
    tree_root: Ref,
    first_node: Ref,
}

impl File {
    fn new(flow: Flow) -> Self {
        let mut next = FREE;
        let mut take = |n: usize| (0..n).map(|_| next.bump()).collect::<Vec<_>>();
        let count = flow.sheets.pages.len();
        let (pages, contents, marks, bookmarks) = (take(count), take(count), take(count), take(flow.bookmarks.len()));
        let tree_root = next.bump();
        Self { flow, pages, contents, marks, bookmarks, tree_root, first_node: next }
    }

    fn write(mut self, document: &Document, attached: Option<&Attachment>) -> Result<Vec<u8>> {
        let mut pdf = Pdf::with_settings(Settings { pretty: false });
        pdf.set_version(1, 7);
        let id = hex::decode(digest::record_hash(document)?).unwrap_or_default();
        let id = id.get(..16).unwrap_or(&id).to_vec();
        pdf.set_file_id((id.clone(), id));
        self.catalog(&mut pdf, document, attached);
        if let Some(attached) = attached {
            attach(&mut pdf, attached)?;
        }
        metadata(&mut pdf, document);
        self.write_pages(&mut pdf)?;
        self.flow.sheets.tree.write(&mut pdf, self.tree_root, self.first_node, &self.pages);
        write_outline(&mut pdf, &self.flow.bookmarks, &self.bookmarks, &self.pages);
        write_font(&mut pdf, REGULAR, &self.flow.sheets.fonts.regular)?;
        write_font(&mut pdf, BOLD, &self.flow.sheets.fonts.bold)?;
        let last = nth(self.first_node, self.flow.sheets.tree.len());
        Ok(pdf.finish_with_xref_stream(last))
    }

    fn catalog(&self, pdf: &mut Pdf, document: &Document, attached: Option<&Attachment>) {
        // The structure's root must be an object of its own, for nodes point back to it.
        let mut root = pdf.indirect(self.tree_root).start::<pdf_writer::writers::StructTreeRoot<'_>>();
        self.flow.sheets.tree.write_root(&mut root, self.first_node, &self.marks);
        root.finish();
        let mut catalog = pdf.catalog(CATALOG);
        catalog.pages(PAGES).lang(TextStr(&document.lang)).metadata(XMP);
        catalog.pair(Name(b"StructTreeRoot"), self.tree_root);
        catalog.mark_info().marked(true).suspects(false);
        catalog.viewer_preferences().display_doc_title(true);
        if !self.bookmarks.is_empty() {
            catalog.outlines(OUTLINE).page_mode(PageMode::UseOutlines);
        }
        if let Some(attached) = attached {
            catalog.names().embedded_files().names().insert(Str(attached.name.as_bytes()), ATTACHED);
            catalog.insert(Name(b"AF")).array().item(ATTACHED);
        }
    }

    fn write_pages(&mut self, pdf: &mut Pdf) -> Result<()> {
        let count = i32::try_from(self.pages.len()).unwrap_or(i32::MAX);
        pdf.pages(PAGES).kids(self.pages.iter().copied()).count(count);
        for (key, (at, page)) in (0..).zip(std::mem::take(&mut self.flow.sheets.pages).into_iter().enumerate()) {
            let mut entry = pdf.page(self.pages[at]);
            entry.parent(PAGES).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(self.contents[at]);
            entry.struct_parents(key).tab_order(TabOrder::StructureOrder);
            entry.resources().fonts().pair(Name(b"R"), REGULAR).pair(Name(b"B"), BOLD);
            entry.finish();
            let packed = pack(page.content.finish().as_slice())?;
            pdf.stream(self.contents[at], &packed).filter(Filter::FlateDecode);
            pdf.indirect(self.marks[at]).array().items(page.marks.iter().map(|(node, _)| Tree::number(self.first_node, *node)));
        }
        Ok(())
    }
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// The attached file, and what says its name and kind.
fn attach(pdf: &mut Pdf, attached: &Attachment) -> Result<()> {
    let packed = pack(&attached.bytes)?;
    let mut file = pdf.embedded_file(ATTACHED_FILE, &packed);
    file.filter(Filter::FlateDecode);
    file.subtype(Name(attached.kind.as_bytes()));
    file.params().size(i32::try_from(attached.bytes.len()).unwrap_or(i32::MAX));
    file.finish();
    let mut spec = pdf.file_spec(ATTACHED);
    spec.path(Str(attached.name.as_bytes())).unic_file(TextStr(&attached.name)).description(TextStr(&attached.about));
    spec.embedded_file_with_unicode(ATTACHED_FILE).association_kind(AssociationKind::Data);
    Ok(())
}

/// The bookmarks, nested as the headings are.
fn write_outline(chunk: &mut Chunk, bookmarks: &[Bookmark], refs: &[Ref], pages: &[Ref]) {
    if bookmarks.is_empty() {
        return;
    }
    let parent = |at: usize| (0..at).rev().find(|&b| bookmarks[b].level < bookmarks[at].level);
    let parents: Vec<Option<usize>> = (0..bookmarks.len()).map(parent).collect();
    let kids = |of: Option<usize>| (0..bookmarks.len()).filter(|&b| parents[b] == of).collect::<Vec<_>>();
    let tops = kids(None);
    {
        let mut outline = chunk.outline(OUTLINE);
        outline.count(i32::try_from(tops.len()).unwrap_or(i32::MAX));
        if let (Some(first), Some(last)) = (tops.first(), tops.last()) {
            outline.first(refs[*first]).last(refs[*last]);
        }
    }
    for (at, bookmark) in bookmarks.iter().enumerate() {
        let own = kids(Some(at));
        let mut item = chunk.outline_item(refs[at]);
        item.title(TextStr(&bookmark.text)).parent(parents[at].map_or(OUTLINE, |p| refs[p]));
        if let Some(before) = (0..at).rev().find(|&b| parents[b] == parents[at]) {
            item.prev(refs[before]);
        }
        if let Some(after) = (at + 1..bookmarks.len()).find(|&b| parents[b] == parents[at]) {
            item.next(refs[after]);
        }
        if let (Some(first), Some(last)) = (own.first(), own.last()) {
            // Negative: the deeper bookmarks are closed at first.
            item.first(refs[*first]).last(refs[*last]).count(-i32::try_from(own.len()).unwrap_or(i32::MAX));
        }
        item.dest().page(pages[bookmark.page]).xyz(0.0, bookmark.top + 12.0, None);
    }
}

const IDENTITY: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Writes one weight: only the glyphs that the document uses, with the way back from glyphs to characters.
fn write_font(chunk: &mut Chunk, first: Ref, weight: &Weight) -> Result<()> {
    let [cid, descriptor, file, unicode] = [1, 2, 3, 4].map(|n| nth(first, n));
    let subset = subsetter::subset(weight.data, 0, &weight.used).map_err(|e| Problem::internal("the typeface can't be cut down", e))?;
    // Six letters that differ where the part of the font differs.
    let tag: String = Sha256::digest(&subset).iter().take(6).map(|b| char::from(b'A' + b % 26)).collect();
    let name = format!("{tag}+{}", weight.name);
    let name = Name(name.as_bytes());

    chunk.type0_font(first).base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(unicode);
    {
        let mut font = chunk.cid_font(cid);
        font.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(descriptor);
        font.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = font.widths();
        for (code, (_, width)) in &weight.glyphs {
            widths.consecutive(*code, [*width]);
        }
    }
    {
        let metrics = &weight.metrics;
        let scale = 1000.0 / f32::from(metrics.units_per_em);
        let bounds = metrics.bounds.unwrap_or_default();
        let [x1, y1, x2, y2] = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|v| v * scale);
        let mut entry = chunk.font_descriptor(descriptor);
        entry.name(name).flags(FontFlags::SYMBOLIC).bbox(Rect::new(x1, y1, x2, y2)).italic_angle(0.0);
        entry.ascent(metrics.ascent * scale).descent(metrics.descent * scale);
        entry.cap_height(metrics.cap_height.map_or(700.0, |h| h * scale)).stem_v(weight.stem).font_file2(file);
    }
    let packed = pack(&subset)?;
    let mut stream = chunk.stream(file, &packed);
    stream.filter(Filter::FlateDecode).pair(Name(b"Length1"), i32::try_from(subset.len()).unwrap_or(i32::MAX));
    stream.finish();
    let mut cmap = UnicodeCmap::new(Name(b"Custom"), IDENTITY);
    for (code, (character, _)) in &weight.glyphs {
        cmap.pair(*code, *character);
    }
    let packed = pack(cmap.finish().as_slice())?;
    chunk.stream(unicode, &packed).filter(Filter::FlateDecode);
    Ok(())
}

/// Title, language, author and date for programs, in both of the forms that readers look for.
fn metadata(pdf: &mut Pdf, document: &Document) {
    // `2026-09-18T14:03:22.000000Z`, always.
    let made = document.made_at.rfc3339();
    let number = |from: usize, to: usize| made.get(from..to).and_then(|t| t.parse::<u8>().ok()).unwrap_or(0);
    let year = made.get(0..4).and_then(|t| t.parse().ok()).unwrap_or(1970);
    let date = Date::new(year).month(number(5, 7)).day(number(8, 10)).hour(number(11, 13)).minute(number(14, 16)).second(number(17, 19));
    {
        let mut info = pdf.document_info(INFO);
        info.title(TextStr(&document.title)).creation_date(date.utc_offset_hour(0)).producer(TextStr("Assent"));
        if !document.author.is_empty() {
            info.author(TextStr(&document.author));
        }
        if !document.subject.is_empty() {
            info.subject(TextStr(&document.subject));
        }
    }
    let mut xmp = String::from(concat!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">",
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" ",
        "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">",
        "<pdfuaid:part>1</pdfuaid:part><pdf:Producer>Assent</pdf:Producer><dc:format>application/pdf</dc:format>"
    ));
    let seconds = made.get(..19).unwrap_or(&made);
    let _ = write!(xmp, "<xmp:CreateDate>{seconds}Z</xmp:CreateDate>");
    let _ = write!(xmp, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title>", escaped(&document.title));
    let _ = write!(xmp, "<dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language>", escaped(&document.lang));
    if !document.author.is_empty() {
        let _ = write!(xmp, "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>", escaped(&document.author));
    }
    if !document.subject.is_empty() {
        let subject = escaped(&document.subject);
        let _ = write!(xmp, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{subject}</rdf:li></rdf:Alt></dc:description>");
    }
    xmp.push_str("</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>");
    pdf.metadata(XMP, xmp.as_bytes());
}

/// For XML; characters that XML may not hold are left out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
