## Lo que está en cada página
skip = Ir al contenido
nav-main = Principal
nav-tasks = Sus tareas
nav-today = Hoy
nav-policies = Normas
nav-training = Cursos
nav-requirements = Requisitos
nav-roster = Registro
nav-audit = Auditoría
nav-standard5 = Estándar 5
error-prefix = Error:
there-is-a-problem = Hay un problema
to-first-page = Ir a su primera página
foot = Si no puede usar una página, avise a su escuela: siempre puede responder en papel.
pages-previous = Página anterior
pages-next = Página siguiente
pages-of = Página { $page } de { $last }

## Entrar
sign-in = Entrar
sign-out = Salir
sign-in-lead = Para estudiantes, familias y personal de { $district }.
sign-in-login = Su nombre de usuario o correo electrónico
sign-in-password = Su contraseña
sign-in-help = ¿Olvidó su contraseña? La oficina de su escuela puede darle una nueva.
sign-in-by-link = ¿Llegó con un enlace de un correo? Abra otra vez el mismo correo: su página puede enviarle un enlace nuevo.
sign-in-policies = Leer las normas del distrito sin entrar
sign-in-wrong = Este nombre y esta contraseña no van juntos. Revise los dos; en la contraseña cuentan las mayúsculas.
sign-in-too-often = Hubo demasiados intentos. Espere un minuto y pruebe otra vez; su cuenta no está bloqueada.

## Cuando algo no se puede hacer
trouble-not-found = Página no encontrada
trouble-not-found-text = En esta dirección no hay nada que usted pueda abrir. Si la escribió, revísela; si alguien se la envió, quizá sea para otra persona.
trouble-conflict = Esto no se puede hacer ahora
trouble-conflict-text = No se cambió nada. Este es el motivo:
trouble-invalid = Hay algo que corregir
trouble-invalid-text = No se cambió nada. Vuelva atrás y corrija esto:
trouble-internal = Lo sentimos, algo falló de nuestro lado
trouble-internal-text = No se cambió nada. Pruebe otra vez; si vuelve a pasar, avise a la oficina de tecnología de su escuela.
trouble-reference = Cuando pida ayuda, diga este número: { $id }
trouble-forbidden = Esto fue rechazado
trouble-forbidden-text = La solicitud no vino de una página de este sitio, así que no se cambió nada. Abra la página aquí y envíela otra vez.
trouble-only-answers = Este enlace es solo para responder
trouble-only-answers-text = Entró con un enlace de un correo. Abre lo que se le pide y sus propias respuestas, y nada más. Para todo lo demás, entre con su cuenta de la escuela; si no tiene contraseña, la oficina de su escuela puede darle una.
trouble-unavailable = Pruebe otra vez en un momento
trouble-unavailable-text = El sistema está ocupado o está arrancando. Lo que escribió todavía no se envió.
trouble-too-large = Es demasiado de una vez
trouble-too-large-text = Lo que envió es más de lo que acepta esta página. Acórtelo y envíelo otra vez.
trouble-unreadable = No se pudo leer
trouble-unreadable-text = Lo que se envió no corresponde a esta página. Ábrala de nuevo y llénela otra vez.

## Estados
state-open = Por hacer
state-late = Con retraso
state-fulfilled = Hecho
state-declined = Dijo que no
state-answered = Respondió
state-exempt = No se le pide
state-another-guardian = No hace falta: respondió otro tutor
role-student = Estudiantes
role-teacher = Docentes
role-staff = Otro personal
role-school_leader = Directivos escolares
role-guardian = Tutores
role-board_member = Miembros de la junta
role-one-student = Estudiante
role-one-teacher = Docente
role-one-staff = Otro personal
role-one-school_leader = Directivo escolar
role-one-guardian = Tutor
role-one-board_member = Miembro de la junta
role-none = Sin función
grade-name = Grado { $grade }
grade-kindergarten = Kínder
grade-pre = Prekínder
grade-none = Sin grado
