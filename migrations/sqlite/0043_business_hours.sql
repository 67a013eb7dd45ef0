-- The district's calendar belongs to the district: mails are quiet by it, and unblock requests are answered in its business hours.

ALTER TABLE district ADD COLUMN quiet_week TEXT NOT NULL DEFAULT '[6,7]';        -- JSON: days of the week on which offices are closed, 1 Monday … 7 Sunday
ALTER TABLE district ADD COLUMN office_opens INTEGER NOT NULL DEFAULT 480;       -- minutes after local midnight
ALTER TABLE district ADD COLUMN office_closes INTEGER NOT NULL DEFAULT 960;
UPDATE district SET quiet_week = (SELECT quiet FROM notice_setting WHERE notice_setting.id = 1) WHERE EXISTS (SELECT 1 FROM notice_setting);
ALTER TABLE notice_setting DROP COLUMN quiet;
