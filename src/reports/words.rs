//! The reports' own words in both languages, side by side so that none is forgotten. It must not know what a report counts: an
//! author asks for a phrase by its key and fills in its blanks.

use crate::kernel::{Day, Locale, Moment};
use crate::roster::District;

macro_rules! words {
    ($($key:ident: $en:literal, $es:literal;)+) => {
        /// One phrase of a report. Blanks stand in braces: `{day}`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Key { $($key),+ }

        impl Key {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$key),+];
        }

        /// The phrase in that language, blanks as they are.
        pub fn say(locale: Locale, key: Key) -> &'static str {
            match (key, locale) {
                $((Key::$key, Locale::En) => $en, (Key::$key, Locale::Es) => $es,)+
            }
        }
    };
}

words! {
    MadeOn: "Made on {day}, at {time}", "Hecho el {day}, a las {time}";
    AsOf: "As of the end of {day}", "Al final del {day}";
    Version: "Version {number}", "Versión {number}";
    English: "English", "inglés";
    Spanish: "Spanish", "español";
    HowCounted: "How the figures are counted", "Cómo se cuentan las cifras";

    // Certificates.
    CertificateTitle: "Certificate of completion", "Certificado de finalización";
    CertificateSays: "{district} certifies that", "{district} certifica que";
    CertificateCompleted: "has completed the course", "ha completado el curso";
    CertificateDay: "Completed on", "Completado el";
    CertificateScore: "Questions answered right", "Preguntas acertadas";
    CertificateLength: "Length", "Duración";
    CertificateMinutes: "about {minutes} minutes", "unos {minutes} minutos";
    CertificateVersion: "Version of the course", "Versión del curso";
    CertificateCode: "Code", "Código";
    CertificateCheck: "Anybody can check this certificate by its code on the district's page for certificates.", "Cualquiera puede comprobar este certificado con su código en la página de certificados del distrito.";
    CertificateCheckAt: "Anybody can check this certificate by its code at {site}.", "Cualquiera puede comprobar este certificado con su código en {site}.";
    CertificateLimit: "It says that the course was completed, and nothing else.", "Dice que el curso se completó, y nada más.";

    // The audit.
    AuditTitle: "Who has agreed, and who has not", "Quién ha aceptado y quién no";
    District: "District", "Distrito";
    Schools: "Schools", "Escuelas";
    AllSchools: "All schools of the district", "Todas las escuelas del distrito";
    SchoolsInReach: "{number} schools, those that the reader of this report is responsible for", "{number} escuelas, de las que responde quien recibe este informe";
    Day: "Day of the figures", "Día de las cifras";
    TimeZone: "Time zone", "Zona horaria";
    Requirements: "What was asked on that day", "Lo que se pedía ese día";
    NothingAsked: "Nothing was asked of anybody on this day.", "Ese día no se pedía nada a nadie.";
    AllTogether: "All requirements", "Todos los requisitos";
    Overview: "Each requirement with its share and its goal", "Cada requisito con su proporción y su meta";
    OverviewAlt: "Bars: {bars}", "Barras: {bars}";
    OverviewFigure: "Share done, by requirement", "Proporción cumplida, por requisito";
    SummaryAgreed: "{done} of {asked} agreed ({share})", "{done} de {asked} aceptaron ({share})";
    SummarySaidYes: "{done} of {asked} said yes to the main question ({share})", "{done} de {asked} dijeron que sí a la pregunta principal ({share})";
    SummaryCompleted: "{done} of {asked} completed it ({share})", "{done} de {asked} lo completaron ({share})";
    SummaryNobody: "Nobody is asked", "No se pide a nadie";
    SummaryLate: "{number} late", "{number} con retraso";
    SummaryDeclined: "{number} said no", "{number} dijeron que no";
    SummaryDeclinedOne: "1 said no", "1 dijo que no";
    SummaryNotAsked: "{number} not asked", "a {number} no se les pide";
    SummaryNotAskedOne: "1 not asked", "a 1 no se le pide";
    SummaryGoal: "goal {goal}%", "meta {goal}%";
    GoalReached: "The goal is reached.", "La meta está cumplida.";
    GoalMissing: "For the goal {number} more are needed.", "Para la meta faltan {number} más.";
    GoalMissingOne: "For the goal 1 more is needed.", "Para la meta falta 1 más.";
    Subject: "What is asked", "Lo que se pide";
    ReadPolicy: "To read a policy and answer it", "Leer una norma y responder";
    TakeCourse: "To take a course", "Tomar un curso";
    GuardiansAnswer: "Guardians answer, once for each child: the figures count answers, not people", "Responden los tutores, una vez por cada estudiante: las cifras cuentan respuestas, no personas";
    Audience: "Of whom", "A quién";
    Since: "Asked since", "Se pide desde";
    LastDay: "Last day", "Último día";
    DaysAfterJoining: "{number} days after joining", "{number} días después de llegar";
    Goal: "Goal", "Meta";
    BySchool: "By school, the lowest share first", "Por escuela, primero la proporción más baja";
    ByRole: "By role, the lowest share first", "Por función, primero la proporción más baja";
    ByGrade: "By grade, the lowest share first", "Por grado, primero la proporción más baja";
    School: "School", "Escuela";
    Role: "Role", "Función";
    Grade: "Grade", "Grado";
    Requirement: "Requirement", "Requisito";
    Share: "Share", "Proporción";
    Agreed: "Agreed", "Aceptaron";
    SaidYes: "Said yes", "Dijeron sí";
    Completed: "Completed", "Completaron";
    Done: "Done", "Cumplieron";
    Asked: "Asked", "Se pide a";
    Late: "Late", "Con retraso";
    SaidNo: "Said no", "Dijeron no";
    NotAsked: "Not asked", "No se pide a";
    Total: "All together", "En total";
    TooFew: "Fewer than 10", "Menos de 10";
    Trend: "Share done, day by day", "Proporción cumplida, día por día";
    TrendAlt: "Share done, from {first} on {from} to {last} on {until}; goal {goal}%", "Proporción cumplida, de {first} el {from} a {last} el {until}; meta {goal}%";
    TrendTable: "The same figures on chosen days", "Las mismas cifras en algunos días";
    Date: "Day", "Día";
    CountShare: "The share is those who agreed or completed, divided by all who are asked: those who agreed or completed, those who said no, and those who have not answered.", "La proporción es quienes aceptaron o completaron, entre todas las personas a quienes se pide: quienes aceptaron o completaron, quienes dijeron que no y quienes no han respondido.";
    CountExempt: "Somebody of whom it is not asked, with the reason on record, counts in no share.", "A quien no se le pide, con el motivo registrado, no cuenta en ninguna proporción.";
    CountLate: "Late means that the last day is past and there is no answer. A last day ends at midnight.", "Con retraso significa que pasó el último día y no hay respuesta. El último día termina a medianoche.";
    CountRounding: "Shares are rounded down: 100% means everybody.", "Las proporciones se redondean hacia abajo: 100% significa todas las personas.";
    CountDay: "An answer counts on the day on which it was given, on the calendar of the time zone {zone}. Figures of a day that is past do not change.", "Una respuesta cuenta el día en que se dio, según el calendario de la zona horaria {zone}. Las cifras de un día pasado no cambian.";
    CountWithheld: "Groups of fewer than 10 are not shown, nor another small group where a number could be worked out from the total, so that nobody's answer can be guessed.", "No se muestran los grupos de menos de 10, ni otro grupo pequeño cuando un número podría deducirse del total, para que nadie pueda adivinar la respuesta de una persona.";
    RoleStudent: "Students", "Estudiantes";
    RoleTeacher: "Teachers", "Docentes";
    RoleStaff: "Other staff", "Otro personal";
    RoleLeader: "School leaders", "Directivos escolares";
    RoleGuardian: "Guardians", "Tutores";
    RoleBoard: "Board members", "Miembros de la junta";
    RoleNone: "No role", "Sin función";
    GradeName: "Grade {grade}", "Grado {grade}";
    GradeKindergarten: "Kindergarten", "Kínder";
    GradePre: "Before kindergarten", "Antes de kínder";
    GradeNone: "No grade", "Sin grado";

    // A policy.
    InForce: "in force from {day}", "en vigor desde el {day}";
    WithdrawnOn: "in force no more since {day}", "sin vigor desde el {day}";
    NotInForce: "not in force", "sin vigor";
    DraftTitle: "This is not the district's policy yet.", "Todavía no es la norma del distrito.";
    DraftText: "The board has not adopted this text. It may still change.", "La junta no ha adoptado este texto. Todavía puede cambiar.";
    OldTitle: "This version is in force no more.", "Esta versión ya no está en vigor.";
    OldText: "It is kept for the record. The district's website shows what is in force.", "Se conserva como constancia. El sitio del distrito muestra lo que está en vigor.";
    InShort: "In short", "En pocas palabras";
    WhatChanged: "What this version changes", "Qué cambia esta versión";
    Statement: "What people are asked to agree to", "Lo que se pide aceptar";
    IfDeclined: "After a no: {text}", "Después de un no: {text}";
    Consents: "What is asked", "Lo que se pregunta";
    Yes: "Yes", "Sí";
    No: "No", "No";
    AfterNo: "After a no", "Después de un no";
    Record: "Record of adoption", "Constancia de adopción";
    NoticeLine: "Public notice from {day}: {place}", "Aviso público desde el {day}: {place}";
    HearingLine: "Public hearing on {day}, {place}. {agenda}", "Audiencia pública el {day}, {place}. {agenda}";
    MeetingLine: "Board meeting on {day}, {place}. {agenda}", "Reunión de la junta el {day}, {place}. {agenda}";
    VoteLine: "The board adopted it on {day}: {for} for, {against} against, {abstained} abstained; resolution {resolution}", "La junta la adoptó el {day}: {for} a favor, {against} en contra, {abstained} abstenciones; resolución {resolution}";
    HeardLine: "{number} of 7 groups of people commented on it", "La comentaron {number} de 7 grupos de personas";
    HashTitle: "How to check this text", "Cómo comprobar este texto";
    HashText: "Each language of a version has a number that is worked out from its words. If one letter were changed, it would no longer fit.", "Cada idioma de una versión tiene un número que se calcula a partir de sus palabras. Si cambiara una sola letra, ya no coincidiría.";
    HashName: "SHA-256, {language}", "SHA-256, {language}";

    // A receipt.
    ReceiptTitle: "Receipt", "Comprobante";
    ReceiptAgreed: "Agreed", "Aceptó";
    ReceiptDeclined: "Said no", "Dijo que no";
    ReceiptWithdrawn: "Taken back", "Retirado";
    ChoiceTakenBack: "taken back", "retirado";
    ReceiptAnswered: "Answered: {yes} yes, {no} no", "Respondió: {yes} sí, {no} no";
    ReasonGiven: "Reason given", "Motivo que dio";
    Answer: "Answer", "Respuesta";
    Document: "Document", "Documento";
    AnsweredBy: "Answered by", "Respondió";
    ForWhom: "For", "Por";
    Capacity: "As", "En calidad de";
    AsGuardian: "Parent or guardian", "Madre, padre o tutor legal";
    AsOneself: "Oneself", "Uno mismo";
    How: "How", "Cómo";
    ByLink: "Came by a link that was mailed to the address that the school has", "Entró con un enlace enviado al correo que tiene la escuela";
    Witnessed: "Answered in class, with {name} present", "Respondió en clase, en presencia de {name}";
    SignedAs: "Signed as", "Firmó como";
    ReadIn: "Read and answered in", "Leído y respondido en";
    TimeLocal: "Time ({zone})", "Hora ({zone})";
    TimeUtc: "Time (UTC)", "Hora (UTC)";
    WordsAnswered: "The words that were answered", "Las palabras a las que se respondió";
    Choices: "The answers, one by one", "Las respuestas, una por una";
    Proof: "Proof for somebody who checks", "Prueba para quien quiera comprobarlo";
    ReceiptNumber: "Number of the receipt", "Número del comprobante";
    TextHash: "SHA-256 of the text", "SHA-256 del texto";
    RecordHash: "SHA-256 of the record", "SHA-256 del registro";
    LogIndex: "Index in the log of answers, from 0", "Índice en el registro de respuestas, desde 0";
    LogSize: "Answers that the signed checkpoint covers", "Respuestas que abarca el punto de control firmado";
    LogRoot: "Root over them", "Raíz de todas ellas";
    LogNotYet: "not sealed yet when this was made", "todavía sin sellar cuando se hizo esto";
    CheckFile: "This PDF carries a file with the exact record and its proof (receipt-….json). The program check-receipt, which needs no network, says whether it holds; {path} at the district's site explains it.", "Este PDF lleva un archivo con el registro exacto y su prueba (receipt-….json). El programa check-receipt, que no necesita red, dice si es válido; {path} en el sitio del distrito lo explica.";
    CheckPage: "Sign in at the district's site and open {path}: it shows this record and the exact text.", "Entre en el sitio del distrito y abra {path}: muestra este registro y el texto exacto.";
    CheckVerify: "The record's hash is SHA-256 over its canonical JSON (RFC 8785). “assent verify” works it out anew.", "El hash del registro es SHA-256 sobre su JSON canónico (RFC 8785). «assent verify» lo calcula otra vez.";

    // A class, as its teacher prints it.
    ClassTitle: "Who has answered", "Quién ha respondido";
    ClassOf: "{title} · {class}, {school}", "{title} · {class}, {school}";
    ClassCount: "{number} of {all} have answered.", "Han respondido {number} de {all}.";
    ClassPrivate: "This list names what children said. It is for their teacher and the school's leader.", "Esta lista dice lo que respondieron los niños. Es para su docente y la dirección de la escuela.";
    ClassChild: "Child", "Niño o niña";
    ClassSaidYes: "Said yes", "Dijo que sí";
    ClassSaidNo: "Said no", "Dijo que no";
    ClassNotYet: "Not yet", "Todavía no";

    SignedOn: "Signed on", "Firmado el";
    OnPaper: "How it was given", "Cómo se dio";
    OnPaperBy: "Answered on paper, entered by {name}, form {code}", "Respondido en papel, registrado por {name}, formulario {code}";
    Scan: "Scan", "Copia escaneada";
    ScanWithEntry: "{kind}, SHA-256 {hash}, in the record", "{kind}, SHA-256 {hash}, en el registro";
    ScanLater: "{kind}, SHA-256 {hash}, attached on {day} by {name}", "{kind}, SHA-256 {hash}, adjuntada el {day} por {name}";

    // Forms on paper.
    PaperTitle: "Paper forms: {title}", "Formularios en papel: {title}";
    PaperNumber: "{number} forms, and this list of them", "{number} formularios, y esta lista";
    PaperListFooter: "This list stays at school", "Esta lista se queda en la escuela";
    PaperHow1: "Each form is for one person, in that person’s language. The first page comes back signed; the pages with the text are for the family to keep.", "Cada formulario es para una persona, en su idioma. La primera página se devuelve firmada; las páginas con el texto son para la familia.";
    PaperHow2: "Mark here what has come back. Then open “Paper forms” at the district’s site, and scan or type the codes, or tick the list.", "Marque aquí lo que se haya devuelto. Después abra «Formularios en papel» en el sitio del distrito y escanee o escriba los códigos, o marque la lista.";
    PaperHow3: "A form that is lost can be printed again: it has the same code.", "Un formulario perdido se puede imprimir otra vez: lleva el mismo código.";
    PaperForWhom: "For", "Para";
    PaperLanguage: "Language", "Idioma";
    PaperCode: "Code", "Código";
    PaperBack: "Back", "Devuelto";
    PaperPicture: "Picture of the code {code}, for a scanner", "Imagen del código {code}, para un lector";
    PaperFormCode: "form {code}", "formulario {code}";
    PaperFor: "For", "Para";
    PaperTo: "For", "Para";
    PaperAsGuardian: "as parent or guardian of", "como madre, padre o tutor legal de";
    PaperGrade: "grade {grade}", "grado {grade}";
    PaperKindergarten: "kindergarten", "kínder";
    PaperPreschool: "before kindergarten", "preescolar";
    PaperAsk: "Please read the text on the next pages. Then tick one box for each question, sign, and send this page back to school. You may say no. Your child will not be punished for it.", "Por favor, lea el texto de las páginas siguientes. Después marque una casilla en cada pregunta, firme y devuelva esta página a la escuela. Puede decir que no. A su hijo o hija no se le castigará por eso.";
    PaperAskSelf: "Please read the text on the next pages. Then tick one box, sign, and hand this page in. You may say no. Nobody is punished for it; your school will talk with you.", "Por favor, lea el texto de las páginas siguientes. Después marque una casilla, firme y entregue esta página. Puede decir que no. No se castiga a nadie por eso; la escuela hablará con usted.";
    PaperAgree: "Yes, I agree", "Sí, estoy de acuerdo";
    PaperDisagree: "No, I don’t agree", "No, no estoy de acuerdo";
    PaperIfNo: "If no: {text}", "Si dice que no: {text}";
    PaperWhy: "If you said no to anything and want to say why (you needn’t):", "Si dijo que no a algo y quiere decir por qué (no es obligatorio):";
    PaperSignature: "Signature of {name}", "Firma de {name}";
    PaperSignatureGuardian: "Signature of {name}. If somebody else signs, please write your name in capital letters as well.", "Firma de {name}. Si firma otra persona, escriba también su nombre en mayúsculas.";
    PaperDate: "Date", "Fecha";
    PaperHandIn: "Please hand in this page at {place}, or at the school office, by {day}.", "Por favor, entregue esta página en {place}, o en la oficina de la escuela, a más tardar el {day}.";
    PaperWhole: "The whole text", "El texto completo";
    PaperWholeText: "These pages are yours to keep.", "Estas páginas son para usted.";

    // The board's report on standard 5.
    BoardTitle: "Standard 5: digital citizenship", "Estándar 5: ciudadanía digital";
    BoardLead: "What the records show, criterion by criterion. A level is a fact about the evidence, not a verdict on the law.", "Lo que muestran los registros, criterio por criterio. Un nivel es un hecho sobre las pruebas, no un juicio sobre la ley.";
    Indicators: "The four indicators", "Los cuatro indicadores";
    Glance: "Each indicator with its level", "Cada indicador con su nivel";
    VersionOf: "{title}, version {number}", "{title}, versión {number}";
    Indicator: "Indicator", "Indicador";
    Criterion: "Criterion", "Criterio";
    Measured: "Measured", "Medido";
    MeasuredOf: "{number} of {all} criteria measured", "{number} de {all} criterios medidos";
    Level: "Level", "Nivel";
    LevelOf: "level {level} of 4", "nivel {level} de 4";
    NoLevel: "No level", "Sin nivel";
    NoLevelYet: "No level yet", "Todavía sin nivel";
    WhatWouldRaise: "What is missing", "Qué falta";
    Criteria: "{name}: its criteria", "{name}: sus criterios";
    NoData: "No data", "Sin datos";
    FewPeople: "Not shown: fewer than 10 people", "No se muestra: menos de 10 personas";
    ShareOf: "{part} of {whole} ({percent})", "{part} de {whole} ({percent})";
    GroupsOne: "{heard} of {all} groups", "{heard} de {all} grupos";
    GroupsMean: "{heard} of {all} groups on average, over {versions} policy versions", "{heard} de {all} grupos en promedio, en {versions} versiones de normas";
    Filled: "Missing: {what}", "Falta: {what}";
    Highest: "Nothing: it is at the highest level", "Nada: está en el nivel más alto";
    ForLevel: "For level {level}: {what}", "Para el nivel {level}: {what}";
    PartStaff: "Staff", "Personal";
    PartStudents: "Students", "Estudiantes";
    PartBoard: "Board", "Junta escolar";
    Raise5A3One: "1 more person who finds every version in their language", "1 persona más que encuentre todas las versiones en su idioma";
    Raise5A3: "{more} more people who find every version in their language", "{more} personas más que encuentren todas las versiones en su idioma";
    Raise5B1One: "1 more group heard", "1 grupo más escuchado";
    Raise5B1: "{more} more groups heard, over all versions", "{more} grupos más escuchados, sumando todas las versiones";
    Raise5B2One: "1 more comment answered, with a reason, before the adoption", "1 comentario más respondido, con su razón, antes de la adopción";
    Raise5B2: "{more} more comments answered, with a reason, before the adoption", "{more} comentarios más respondidos, con su razón, antes de la adopción";
    Raise5B3One: "1 more policy reviewed", "1 norma más revisada";
    Raise5B3: "{more} more policies reviewed", "{more} normas más revisadas";
    Raise5B4One: "1 more answer that agrees", "1 respuesta más que acepte";
    Raise5B4: "{more} more answers that agree", "{more} respuestas más que acepten";
    Raise5C1One: "1 more topic and audience with a course", "1 tema más con curso para un público";
    Raise5C1: "{more} more pairs of topic and audience with a course", "{more} combinaciones más de tema y público con un curso";
    Raise5C2One: "1 more student under 17 who passes courses on all three topics", "1 estudiante más, menor de 17 años, que apruebe cursos de los tres temas";
    Raise5C2: "{more} more students under 17 who pass courses on all three topics", "{more} estudiantes más, menores de 17 años, que aprueben cursos de los tres temas";
    Raise5C3One: "1 more course completed", "1 curso más completado";
    Raise5C3: "{more} more courses completed", "{more} cursos más completados";
    Raise5C4One: "1 more person at 80% or better", "1 persona más con 80% o mejor";
    Raise5C4: "{more} more people at 80% or better", "{more} personas más con 80% o mejor";
    Raise5C5One: "1 more course completed by a newcomer within 30 days", "1 curso más que una persona nueva complete en 30 días";
    Raise5C5: "{more} more courses completed by newcomers within 30 days", "{more} cursos más que personas nuevas completen en 30 días";
    // Letters for people whom no mail reaches.
    LettersTitle: "Letters to hand out", "Cartas para entregar";
    LettersNumber: "{number} letters, and this list of them", "{number} cartas, y esta lista";
    LettersHow1: "Each letter is for one person, in that person’s language. Please hand it out through the class, or at the school’s office where no class is named.", "Cada carta es para una persona, en su idioma. Por favor, entréguela por medio de la clase, o en la oficina de la escuela si no se nombra una clase.";
    LettersHow2: "Once they are printed, say so on the page from which this file came: only then do these people count as told.", "Cuando estén impresas, dígalo en la página de la que viene este archivo: solo entonces estas personas cuentan como avisadas.";
    LettersChildren: "Family of", "Familia de";
    LettersThrough: "Handed out by", "La entrega";
    LettersOffice: "School office", "Oficina de la escuela";
    LetterThroughClass: "Handed out by {class}", "La entrega: {class}";
    LetterThroughOffice: "Handed out by the school’s office", "La entrega: la oficina de la escuela";
    LetterFamilyOf: "Family of {child}", "Familia de {child}";
    LetterTitle: "Your school asks for your answer", "La escuela le pide su respuesta";
    LetterHello: "Hello {name},", "Hola, {name}:";
    LetterIntro: "We could not reach you by mail, so we write to you on paper. Your school needs your answer for your child. It takes a few minutes.", "No pudimos comunicarnos con usted por correo electrónico, así que le escribimos en papel. La escuela necesita su respuesta para su hijo o hija. Toma pocos minutos.";
    LetterIntroSelf: "We could not reach you by mail, so we write to you on paper. Your school needs your answer. It takes a few minutes.", "No pudimos comunicarnos con usted por correo electrónico, así que le escribimos en papel. La escuela necesita su respuesta. Toma pocos minutos.";
    LetterAsked: "What we ask you to read and answer", "Lo que le pedimos leer y responder";
    LetterWhat: "What", "Qué";
    LetterUntil: "Last day", "Último día";
    LetterTakes: "It takes", "Toma";
    LetterMinutes: "{number} min", "{number} min";
    LetterMore: "You are asked for more ({number}); you find all of it at the same place.", "Se le pide más ({number}); lo encuentra todo en el mismo lugar.";
    LetterLate: "Where the last day has passed, you can still answer, and it counts.", "Si el último día ya pasó, todavía puede responder, y su respuesta cuenta.";
    LetterHow: "How to answer", "Cómo responder";
    LetterOnline: "Online: open {site} and sign in with your school account.", "En línea: abra {site} e inicie sesión con su cuenta de la escuela.";
    LetterOnlineNoSite: "Online: the school’s office tells you the address, and helps you sign in.", "En línea: la oficina de la escuela le da la dirección y le ayuda a iniciar sesión.";
    LetterPaper: "On paper: ask for the form at the office of {school}. There you can read everything on paper, ask questions, and hand in the form.", "En papel: pida el formulario en la oficina de {school}. Allí puede leer todo en papel, hacer preguntas y entregar el formulario.";
    LetterWhy: "If you give the school’s office an e-mail address, the next news comes by mail. You needn’t.", "Si da a la oficina de la escuela una dirección de correo electrónico, las próximas noticias le llegan por ese medio. No es obligatorio.";
    LetterThanks: "Thank you.", "Muchas gracias.";
    LetterFoot: "From {school}", "De {school}";
    And: "and", "y";

    NeedsData: "The other {number} criteria have no data yet", "Los otros {number} criterios todavía no tienen datos";
    BoardHowLevel: "An indicator has the level of its lowest measured criterion, once at least half of its criteria are measured. Where there is no data there is no level.", "Un indicador tiene el nivel de su criterio medido más bajo, en cuanto se mide al menos la mitad de sus criterios. Donde no hay datos no hay nivel.";
    BoardHowFew: "Groups of fewer than 10 people are not shown and do not count toward a level.", "Los grupos de menos de 10 personas no se muestran ni cuentan para un nivel.";
    BoardHowRounding: "Shares are rounded down; levels are worked out from the exact numbers.", "Las proporciones se redondean hacia abajo; los niveles se calculan con los números exactos.";
    BoardSource: "{source}. {publisher}, {version}; criteria {criteria}.", "{source}. {publisher}, {version}; criterios {criteria}.";
    Formulas: "How each criterion is measured", "Cómo se mide cada criterio";
    Formula: "{id} {name}, version {version}", "{id} {name}, versión {version}";
}

/// The phrase with its blanks filled.
pub fn fill(locale: Locale, key: Key, blanks: &[(&str, &str)]) -> String {
    let mut rest = say(locale, key);
    let mut out = String::new();
    // Once from left to right, so that braces in what is filled in stay as they are.
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(blanks.iter().find(|(blank, _)| *blank == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// “Made on October 1, 2026, at 2:03 p.m.”, on the district's clock.
pub fn made_on(locale: Locale, district: &District, now: Moment) -> String {
    let day = locale.day(district.zone.day(now));
    fill(locale, Key::MadeOn, &[("day", &day), ("time", &locale.time(district.zone.time_of_day(now)))])
}

/// A grade within a sentence: “grade 5”; empty where there is none.
pub fn grade_in(locale: Locale, grade: &str) -> String {
    match grade {
        "" => String::new(),
        "KG" => say(locale, Key::PaperKindergarten).to_owned(),
        "PK" | "PR" | "TK" | "IT" => say(locale, Key::PaperPreschool).to_owned(),
        number => fill(locale, Key::PaperGrade, &[("grade", number.trim_start_matches('0'))]),
    }
}

/// “As of the end of October 1, 2026”.
pub fn as_of(locale: Locale, day: Day) -> String {
    fill(locale, Key::AsOf, &[("day", &locale.day(day))])
}

/// A language's name in the report's language; a tag that the product doesn't know stays as it is.
pub fn language_name(locale: Locale, tag: &str) -> String {
    match tag {
        "en" => say(locale, Key::English).to_owned(),
        "es" => say(locale, Key::Spanish).to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Locale, fill, say};

    #[test]
    fn both_languages_have_the_same_blanks() {
        let blanks = |text: &str| {
            let mut names: Vec<String> = text.split('{').skip(1).filter_map(|p| p.split_once('}')).map(|(n, _)| n.to_owned()).collect();
            names.sort();
            names
        };
        for key in Key::ALL {
            assert_eq!(blanks(say(Locale::En, *key)), blanks(say(Locale::Es, *key)), "{key:?}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(fill(Locale::En, Key::IfDeclined, &[("text", "{text} {x}")]), "After a no: {text} {x}");
    }
}
