dossier-title = CIPA evidence for funding year { $year }
dossier-span = { $from } to { $to }
dossier-lead = What an auditor of this year is likely to ask for, entry by entry, with what is on file. It is a list of evidence, no finding about the law.
dossier-kept = The records of this year are kept until { $day } at least: 10 years after its last day. Until then nothing here can be deleted.
dossier-pdf = Download as PDF
dossier-zip = Download all of it as a zip
dossier-missing = { $number ->
    [0] Every entry has something on file.
    [one] 1 entry has nothing on file.
   *[other] { $number } entries have nothing on file.
 }
dossier-years = Funding years
dossier-source = Listed by: { $source }
dossier-nothing = No evidence on file
dossier-elements = Elements and clauses of version { $number }
dossier-add = Hand in a file for
dossier-link = CIPA evidence by funding year
evidence-attach = Attach a file as proof
evidence-file = The file
evidence-file-help = PDF, PNG, JPEG or Word, at most 10 MB. It is kept with its hash, and seen by authors, the board and auditors.
evidence-note = What it is
evidence-save = Keep the file
evidence-kept = The file is kept.
evidence-there = This file is here already.
evidence-until = kept until: { $day }
evidence-remove = Let this file go
evidence-let-go = The file is gone; its name and hash stay.
evidence-empty = Choose a file that isn't empty.
evidence-large = This file is larger than 10 MB: scan in black and white, or hand it in in parts.
evidence-other = This is no PDF, PNG, JPEG or Word file, whatever its name says: save it as one of these.
evidence-broken = This file breaks off before its end: save it again.
evidence-none = No file is attached.
