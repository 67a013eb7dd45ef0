//! The structure that a screen reader walks: which text is a heading, a row, a figure, and in which order it is read
//! (ISO 32000-1, 14.7 and 14.8). It must not know how anything looks.

use pdf_writer::types::{ListNumbering, StructRole, TableHeaderScope};
use pdf_writer::writers::{StructElement, StructTreeRoot};
use pdf_writer::{Chunk, Name, Rect, Ref, Str, TextStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(usize);

enum Kid {
    Node(NodeId),
    /// A marked stretch on a page.
    Mark {
        page: usize,
        id: i32,
    },
}

pub(super) struct Node {
    pub role: StructRole,
    parent: Option<NodeId>,
    kids: Vec<Kid>,
    pub alt: Option<String>,
    /// Where it isn't the document's.
    pub lang: Option<String>,
    pub bbox: Option<Rect>,
    pub numbering: Option<ListNumbering>,
    pub scope: Option<TableHeaderScope>,
    /// A header cell's name, and the header cells that say what this cell is about.
    pub name: Option<String>,
    pub headers: Vec<String>,
}

pub(super) struct Tree {
    nodes: Vec<Node>,
}

pub(super) const ROOT: NodeId = NodeId(0);

impl Tree {
    pub(super) fn new() -> Self {
        let mut tree = Self { nodes: Vec::new() };
        tree.push(StructRole::Document, None);
        tree
    }

    fn push(&mut self, role: StructRole, parent: Option<NodeId>) -> NodeId {
        self.nodes.push(Node {
            role,
            parent,
            kids: Vec::new(),
            alt: None,
            lang: None,
            bbox: None,
            numbering: None,
            scope: None,
            name: None,
            headers: Vec::new(),
        });
        NodeId(self.nodes.len() - 1)
    }

    pub(super) fn add(&mut self, role: StructRole, parent: NodeId) -> NodeId {
        let node = self.push(role, Some(parent));
        self.nodes[parent.0].kids.push(Kid::Node(node));
        node
    }

    pub(super) fn node(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0]
    }

    pub(super) fn role(&self, id: NodeId) -> StructRole {
        self.nodes[id.0].role
    }

    pub(super) fn mark(&mut self, node: NodeId, page: usize, id: i32) {
        self.nodes[node.0].kids.push(Kid::Mark { page, id });
    }

    /// The tree as text, for snapshots: a line a node, with what is marked on the pages.
    #[cfg(test)]
    pub(super) fn told(&self, text: impl Fn(usize, i32) -> String) -> String {
        let mut out = String::new();
        self.tell(ROOT, 0, &text, &mut out);
        out
    }

    #[cfg(test)]
    fn tell(&self, id: NodeId, depth: usize, text: &impl Fn(usize, i32) -> String, out: &mut String) {
        use std::fmt::Write;
        let node = &self.nodes[id.0];
        let _ = write!(out, "{:indent$}{:?}", "", node.role, indent = depth * 2);
        if let Some(name) = &node.name {
            let _ = write!(out, " #{name}");
        }
        if !node.headers.is_empty() {
            let _ = write!(out, " headers={}", node.headers.join(","));
        }
        if let Some(scope) = node.scope {
            let _ = write!(out, " scope={scope:?}");
        }
        if let Some(lang) = &node.lang {
            let _ = write!(out, " lang={lang}");
        }
        if let Some(alt) = &node.alt {
            let _ = write!(out, " alt=“{alt}”");
        }
        out.push('\n');
        for kid in &node.kids {
            match kid {
                Kid::Node(kid) => self.tell(*kid, depth + 1, text, out),
                Kid::Mark { page, id } => {
                    let _ = writeln!(out, "{:indent$}p{}: “{}”", "", page + 1, text(*page, *id), indent = depth * 2 + 2);
                }
            }
        }
    }

    /// Writes every node; the first gets the number `first`, and the rest follow. `pages` are the pages' numbers.
    pub(super) fn write(&self, chunk: &mut Chunk, root: Ref, first: Ref, pages: &[Ref]) {
        let number = |id: NodeId| nth(first, id.0);
        for (at, node) in self.nodes.iter().enumerate() {
            let mut element = chunk.struct_element(number(NodeId(at)));
            element.kind(node.role).parent(node.parent.map_or(root, number));
            let own_page = node.kids.iter().find_map(|k| if let Kid::Mark { page, .. } = k { Some(*page) } else { None });
            if let Some(page) = own_page {
                element.page(pages[page]);
            }
            if let Some(alt) = &node.alt {
                element.alt(TextStr(alt));
            }
            if let Some(lang) = &node.lang {
                element.lang(TextStr(lang));
            }
            if let Some(name) = &node.name {
                element.id(Str(name.as_bytes()));
            }
            if !node.kids.is_empty() {
                let mut kids = element.children();
                for kid in &node.kids {
                    match kid {
                        Kid::Node(kid) => {
                            kids.struct_element(number(*kid));
                        }
                        Kid::Mark { page, id } if Some(*page) == own_page => {
                            kids.marked_content_id(*id);
                        }
                        Kid::Mark { page, id } => {
                            kids.marked_content_ref().page(pages[*page]).marked_content_id(*id);
                        }
                    }
                }
            }
            node.attributes(&mut element);
        }
    }

    /// The tree's own dictionary: the way back from each page's marks to the nodes, and from names to header cells.
    pub(super) fn write_root(&self, root: &mut StructTreeRoot<'_>, first: Ref, marks: &[Ref]) {
        root.child(first);
        {
            let mut parents = root.parent_tree();
            let mut nums = parents.nums();
            for (key, marks) in (0..).zip(marks) {
                nums.insert(key, *marks);
            }
        }
        root.parent_tree_next_key(i32::try_from(marks.len()).unwrap_or(i32::MAX));
        let mut names: Vec<_> = self.nodes.iter().enumerate().filter_map(|(at, n)| n.name.as_ref().map(|name| (name, at))).collect();
        names.sort();
        if !names.is_empty() {
            let mut ids = root.id_tree();
            let mut entries = ids.names();
            for (name, at) in names {
                entries.insert(Str(name.as_bytes()), nth(first, at));
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn number(first: Ref, id: NodeId) -> Ref {
        nth(first, id.0)
    }
}

impl Node {
    fn attributes(&self, element: &mut StructElement<'_>) {
        if self.bbox.is_none() && self.numbering.is_none() && self.scope.is_none() && self.headers.is_empty() {
            return;
        }
        let mut all = element.attributes();
        if let Some(bbox) = self.bbox {
            all.push().layout().bbox(bbox);
        }
        if let Some(numbering) = self.numbering {
            all.push().list().list_numbering(numbering);
        }
        if self.scope.is_some() || !self.headers.is_empty() {
            let mut table = all.push().table();
            if let Some(scope) = self.scope {
                table.scope(scope);
            }
            if !self.headers.is_empty() {
                table.headers().items(self.headers.iter().map(|h| Str(h.as_bytes())));
            }
        }
    }
}

/// The `n`th number from `first` on.
pub(super) fn nth(first: Ref, n: usize) -> Ref {
    Ref::new(first.get().saturating_add(i32::try_from(n).unwrap_or(i32::MAX)))
}

/// The name of a role as a marked-content tag.
pub(super) fn tag(role: StructRole) -> Name<'static> {
    role.to_name()
}
