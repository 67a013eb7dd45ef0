//! What people say about the demo's drafts, and what they are answered.

use crate::feedback::{Outcome, Stakeholder};

pub struct Said {
    pub policy: &'static str,
    /// The clause; empty for the whole.
    pub clause: &'static str,
    pub group: Stakeholder,
    pub name: &'static str,
    pub body: &'static str,
    pub outcome: Outcome,
    pub reason: &'static str,
}

use Outcome::{Accepted, Declined, OutOfScope, Partly};
use Stakeholder::{Board, Community, Families, OtherStaff, SchoolLeaders, Students, Teachers};

const fn said(
    policy: &'static str,
    clause: &'static str,
    group: Stakeholder,
    name: &'static str,
    body: &'static str,
    outcome: Outcome,
    reason: &'static str,
) -> Said {
    Said { policy, clause, group, name, body, outcome, reason }
}

pub const SAID: &[Said] = &[
    said("internet-safety", "monitoring-limits", Families, "Priya N.", "Please say who may look at a student's messages, and that somebody has to write down why.", Accepted, "The clause already asks for a written reason; the procedure now names the two roles who may look."),
    said("internet-safety", "filter-request", Students, "", "When a page for homework is blocked I need it the same day, not next week.", Partly, "Two business days is what we can promise to everybody. A teacher can ask for a class that day, and gets an answer within one day."),
    said("internet-safety", "inappropriate-what-not", Teachers, "J. Okafor", "Health sites about puberty were blocked last year. Please keep the sentence that says they are not.", Accepted, "The sentence stays, and the filter register lists these sites as open."),
    said("internet-safety", "filter-narrow", OtherStaff, "Library staff", "Rules for kindergarten shouldn't be the rules for grade 12. I like that this says so.", Accepted, "Thank you: every rule has its grade bands."),
    said("internet-safety", "education-when", SchoolLeaders, "", "Thirty days for students who join in the middle of the year is tight in a small school.", Declined, "New students need the lesson most. A make-up lesson takes twenty minutes and can be taken alone."),
    said("internet-safety", "cycle-review", Board, "Ruth Alvarado", "The board would like to see the figures before each yearly review.", Accepted, "They come with the agenda from now on."),
    said("internet-safety", "", Community, "A neighbor", "Will the public library's computers be filtered in the same way?", OutOfScope, "The public library has a policy of its own; we have passed your question on."),
    said("responsible-use-staff", "comm-social", Teachers, "", "My own children go to this school. May I follow their friends' parents?", Partly, "Adults yes. The rule is about students, and clause 5.3 names family as an exception."),
    said("responsible-use-staff", "mon-personal", OtherStaff, "Bus garage", "We use our own phones for route changes. Does that mean you can look into them?", Accepted, "No. The clause now says in its first sentence that personal phones are not monitored."),
    said("responsible-use-staff", "ai-detectors", SchoolLeaders, "", "Good: a detector's score alone must never start a discipline case.", Accepted, "Thank you."),
    said("responsible-use-9-12", "filtering-appeal", Students, "", "Who decides an appeal? It shouldn't be the person who said no.", Accepted, "It isn't: the clause names somebody who did not decide before."),
    said("responsible-use-9-12", "ai-disclose", Teachers, "M. Duarte", "One line under the work is enough. Please don't ask for a log.", Accepted, "One line is what the clause asks for."),
    said("responsible-use-9-12", "process-ladder", Families, "", "I want to be called before my son loses his account, not after.", Partly, "Except where somebody is in danger, you are."),
    said("responsible-use-9-12", "", Board, "", "Clear and fair. I'd like the Spanish version on the same day.", Accepted, "Both are published together."),
    said("responsible-use-6-8", "communication-groups", Students, "", "A group chat for a project should be allowed without a teacher in it.", Declined, "In grades 6 to 8 a teacher can open any class chat. Nobody reads along without a reason."),
    said("responsible-use-6-8", "ai-companions", Families, "Omar S.", "Thank you for naming AI companions. We hadn't thought of them.", Accepted, "Thank you for reading it."),
    said("responsible-use-6-8", "wrong-fair", Teachers, "", "Please keep that students are heard first.", Accepted, "It stays."),
    said("responsible-use-3-5", "filter-ask", Families, "", "Can my daughter ask by herself, or do I have to?", Accepted, "She can ask her teacher, and so can you."),
    said("responsible-use-3-5", "help-tell", Teachers, "", "The children liked “a grown-up you trust”. Keep it.", Accepted, "It stays."),
    said("responsible-use-k-2", "", Teachers, "", "Read it to my class: four minutes, and they understood all of it.", Accepted, "That is what it is for."),
    said("responsible-use-k-2", "picture-ask", Families, "", "Does this cover the class photo?", Partly, "The class photo is a separate question on the family form, so that you can answer it by itself."),
    said("family-agreement", "consents-image", Families, "Lan T.", "Please let me say yes to the account and no to pictures.", Accepted, "Each question has its own answer."),
    said("family-agreement", "language-paper", Families, "", "Mi madre no usa computadora. ¿Puede contestar en papel?", Accepted, "Sí. La escuela tiene el formulario en papel, en español."),
    said("family-agreement", "consents-ai", SchoolLeaders, "", "Name the tools, or at least where the list is.", Accepted, "The clause says where the list is."),
    said("family-agreement", "", Community, "", "What happens to a child whose parents say no to everything?", Partly, "The form says it beside each “no”: the child learns the same without being online."),
];
