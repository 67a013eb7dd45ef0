//! Integer keys, one type a table, so that a person's key can't be handed in where a school's is wanted.
//! They join tables and never appear in an address: an address carries a UUID (`uid`) or a readable slug.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[sqlx(transparent, no_pg_array)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    )+};
}

ids! {
    /// A person on the roster or added by hand.
    PersonId,
    /// A district, school or other body.
    OrgId,
    /// A class as it is taught (OneRoster's `class`).
    SectionId,
    /// A sign-in.
    AccountId,
    /// A policy through all its versions.
    PolicyId,
    /// One version of a policy.
    VersionId,
    /// A course through all its versions.
    CourseId,
    /// One version of a course.
    CourseVersionId,
    /// Who must agree to what, or take what, by when.
    RequirementId,
    /// One person's duty under one requirement.
    ObligationId,
    /// One answer that somebody gave.
    AcknowledgmentId,
    /// One comment on a draft.
    CommentId,
    /// One go at a course.
    AttemptId,
    AttestationId,
}
