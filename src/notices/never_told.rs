//! Whom nothing reaches: people with an open duty of which no mail and no letter has told them.
