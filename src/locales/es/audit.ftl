audit-title = Quién ha aceptado
audit-as-of = Al día
audit-as-of-text = Situación al final del { $day }
audit-show = Mostrar
audit-date-unreadable = Esto no es una fecha. Elija un día del calendario o escríbala como año-mes-día: 2026-10-01.
audit-date-future = Ese día todavía no ha llegado. Elija hoy o un día anterior.
audit-requirements = Requisitos vigentes
audit-none = Ese día no se pedía nada a nadie
audit-none-text = Aquí aparecen cifras en cuanto se pide a alguien que acepte una norma o tome un curso.
audit-none-act = Pedir algo a las personas
audit-fraction = { $done } de { $asked }
audit-late = { $said } con retraso
audit-declined = { $said } dijeron que no
audit-exempt = { $said } sin obligación
audit-goal = meta { $goal }%
audit-more = { $number ->
    [one] 1 requisito más
   *[other] { $number } requisitos más
 }
audit-too-few = menos de 10 personas
audit-divided = Dividido por
audit-by-school = Por escuela
audit-by-role = Por función
audit-by-grade = Por grado
audit-worst-first = Primero la proporción más baja
audit-school = Escuela
audit-role = Función
audit-grade = Grado
audit-agreed = Aceptaron
audit-completed = Completaron
audit-share = Proporción
audit-standing = Situación
audit-total = En total
audit-at-goal = En la meta
audit-behind = Por debajo
audit-due-in = { $days ->
    [0] Vence hoy
    [one] Vence en 1 día
   *[other] Vence en { $days } días
 }
audit-not-due = Todavía no vence
audit-nobody-asked = No se pide a nadie
audit-nobody = Ese día no se pedía a nadie.
audit-withheld = Aquí no se muestran los grupos de menos de 10 personas, ni otro grupo pequeño cuando un número podría deducirse, para que nadie pueda adivinar la respuesta de una persona.
audit-see-people = Ver a las personas detrás de estas cifras
audit-csv = Lista en CSV
audit-trend-since = Desde el { $day }
audit-trend-label = Proporción cumplida, de { $first } el { $from } a { $last } el { $until }; meta { $goal }%
audit-trend-table = El dibujo como tabla
audit-day = Día
audit-how = Cómo se cuenta
audit-how-text = La proporción es quienes aceptaron o completaron, entre todas las personas a quienes se pide. Quien dijo que no cuenta entre ellas; quien no tiene obligación, no. Se redondea hacia abajo: 100% significa todas las personas. Con retraso significa que pasó el último día sin respuesta.

audit-back = Volver a las cifras
audit-people-sentence = { $what }, { $day }{ $place }: { $number ->
    [one] 1 persona
   *[other] { $said } personas
 }
audit-people-sentence-families = { $what }, { $day }{ $place }: { $number ->
    [one] 1 respuesta de una familia
   *[other] { $said } respuestas de familias
 }
audit-everybody = Todas las personas, también las que no tienen obligación
audit-at-school = , { $school }
audit-unknown-school = otra escuela
audit-all-schools = Todas las escuelas
audit-all-roles = Todas las funciones
audit-all-grades = Todos los grados
audit-all-states = Todos
audit-state = Estado
audit-name = Nombre
audit-child = Estudiante
audit-due = Último día
audit-answered = Respondió el
audit-reason = Motivo
audit-pages = Páginas
audit-no-people = Nadie corresponde a lo que pidió.
audit-without-filters = Ver a todas las personas detrás de esta cifra
audit-another-guardian = Ya respondió otro tutor
audit-split = (se pide a { $asked }; { $exempt } sin obligación)
audit-split-families = (se piden { $asked }; { $exempt } no hacen falta)
audit-said-yes = Dijeron que sí a la pregunta principal
audit-csv-incomplete = ESTA LISTA NO ESTÁ COMPLETA: algo falló. Descárguela otra vez.

audit-classes-title = Sus clases
audit-classes-lead = Los estudiantes de sus clases y quién todavía debe responder hoy.
audit-classes-none = Por ahora no se pide nada a sus estudiantes
audit-classes-none-text = En cuanto se pida a sus estudiantes aceptar algo o tomar un curso, sus nombres estarán aquí hasta que respondan.
audit-classes-open = { $number ->
    [0] Respondieron los { $asked }.
   *[other] Faltan { $number } de { $asked }.
 }
audit-classes-all = Ver a todas las personas y sus respuestas
audit-classes-more = Aquí están las primeras 40.
audit-for-families = { $title } (responden las familias)
audit-for-child = por { $name }
audit-report = Informe de auditoría (PDF)
audit-other-record = Respondió con otro registro de la misma persona

audit-views = Sus vistas
audit-views-none = Guarde lo que mira a menudo y lo volverá a encontrar aquí.
audit-view-name = Nombre de esta vista
audit-view-weekly = Envíenme sus cifras por correo cada semana
audit-view-weekly-short = por correo cada semana
audit-view-save = Guardar esta vista
audit-view-remove = Quitar
audit-view-saved = La vista está guardada.
audit-view-saved-weekly = La vista está guardada; sus cifras llegan por correo el primer día de clases de cada semana.
audit-view-removed = La vista ya no está.
audit-view-name-wrong = Dé a la vista un nombre de 1 a 80 caracteres.
