-- What people see of the mail: what went amiss until somebody took it up, what went out lately, what an account was sent.
ALTER TABLE mail ADD COLUMN again_at INTEGER; -- somebody took it up: what was still open waits for a new mail
DROP INDEX mail_amiss;
CREATE INDEX mail_amiss ON mail (id) WHERE state IN ('failed', 'unsure', 'bounced') AND again_at IS NULL;
CREATE INDEX mail_sent ON mail (ended_at) WHERE state = 'sent';
CREATE INDEX mail_by_account ON mail (account_id, id) WHERE account_id IS NOT NULL;
