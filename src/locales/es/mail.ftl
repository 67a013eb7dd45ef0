## El correo: cómo va, qué se dice y cuándo, a quién no le llega nada, el propio
nav-mail = Correo
mail-title = Correo
mail-lead = A quién avisa el distrito por correo, de qué, y si le llega.
mail-not-set-up = No hay un servidor de correo configurado.
mail-not-set-up-text = No se avisa a nadie por correo. Quien administra este servidor lo inicia con la dirección de su servidor de correo, así:
mail-down = No se puede conectar con el servidor de correo
mail-down-since = Desde el { $when }. Todo lo que espera sale cuando vuelva a responder; no se pierde nada.
mail-down-text = Pregunte a quien administra este servidor o a su proveedor de correo.
mail-said = Lo que dijo el servidor de correo
mail-how = Cómo va
mail-last = Último correo
mail-none-yet = Ninguno todavía
mail-waiting = Esperan un aviso
mail-people = { $number ->
    [0] nadie
    [one] 1 persona
   *[other] { $said } personas
 }
mail-sent-week = Enviados en los últimos 7 días
mail-mails = { $number ->
    [0] ninguno
    [one] 1 correo
   *[other] { $said } correos
 }
mail-amiss = No llegaron bien
mail-amiss-none = Ningún correo tuvo problemas.
mail-amiss-text = El servidor de correo rechazó estos correos, fueron devueltos, o no se sabe si salieron. Primero corrija la dirección en el sistema de información estudiantil. «Enviar otra vez» hace un correo nuevo con lo que sigue abierto, a la dirección que el registro tenga entonces.
mail-to = Para
mail-when = Cuándo
mail-became = Qué pasó
mail-state-failed = Rechazado
mail-state-unsure = No se sabe si salió
mail-state-bounced = Devuelto
mail-again = Enviar otra vez
mail-again-done = Sale un correo nuevo con lo que sigue abierto.
mail-again-nothing = Ya no queda nada abierto en él, así que no sale otro correo. Ya no está en la lista.

# Cuándo y de qué
mail-settings = Cuándo salen los correos y de qué
mail-schedule = Recordatorios
mail-schedule-text = Cada persona recibe como máximo un correo al día, con todo lo que está abierto. Sale en días de clase.
mail-hour = Los correos salen desde las
mail-before = Tantos días antes del último día
mail-before-hint = Hasta seis números de 0 a 60, por ejemplo 7, 1, 0. El 0 es el mismo último día.
mail-late-every = Con retraso, cada tantos días
mail-late-every-hint = De 1 a 60; 0: sin recordatorios. Después de ocho, la escuela se ocupa.
mail-leaders-after = A la dirección de la escuela se le dice quién va con retraso después de tantos días
mail-leaders-after-hint = De 1 a 180; 0: nunca. Lo recibe una vez por semana.
mail-schedule-keep = Guardar estos recordatorios
mail-calendar = Días sin correo
mail-calendar-text = En estos días no sale ningún correo. Lo que avisaría de un último día se dice el día de clase anterior.
mail-week = Cada semana
mail-weekday-1 = lunes
mail-weekday-2 = martes
mail-weekday-3 = miércoles
mail-weekday-4 = jueves
mail-weekday-5 = viernes
mail-weekday-6 = sábado
mail-weekday-7 = domingo
mail-days = Días festivos
mail-days-hint = Uno por línea: 2026-11-26 Acción de Gracias, o 2026-12-21..2027-01-01 Vacaciones de invierno.
mail-calendar-keep = Guardar estos días
mail-kinds = De qué se avisa por correo
mail-kinds-text = Quite la marca de lo que nadie en el distrito debe recibir.
mail-always = De qué se avisa siempre
mail-always-duty-new = Nadie está obligado por algo de lo que nunca se le avisó.
mail-always-answer-no = No se debe dar a un niño aquello a lo que la familia dijo que no.
mail-always-import-held = Un registro equivocado pediría respuestas a las personas equivocadas.
mail-always-export-ready = Solo se avisa de que un archivo está listo a quien lo pidió, y esa persona puede desactivarlo.
mail-always-link-wanted = Quien pide un enlace lo está esperando.
mail-always-request-decided = Quien preguntó espera la respuesta y su razón.
mail-always-request-waiting = El plazo de la solicitud corre, y puede tratarse de una crisis.
mail-kinds-keep = Guardar estos avisos
mail-kept = Esto vale desde el próximo correo.
mail-wrong-hour = Elija una hora de 0 a 20.
mail-wrong-before = Escriba hasta seis números de días de 0 a 60, por ejemplo 7, 1, 0.
mail-wrong-late-every = Escriba un número de días de 1 a 60, o 0 para ninguno.
mail-wrong-leaders-after = Escriba un número de días de 1 a 180, o 0 para nunca.
mail-wrong-week = Deje al menos un día de la semana en que salgan correos.
mail-wrong-days = Una línea no se puede leer: escriba un día y un nombre, por ejemplo 2026-11-26 Acción de Gracias.

# Ejemplos
mail-preview = Cómo se leen los correos
mail-preview-text = Las personas y los documentos de estos ejemplos son inventados. Un correo de verdad contiene todo lo que está abierto para una persona.
mail-preview-language = Idioma de los ejemplos
mail-preview-html = Como lo muestran los programas de correo
mail-subject = Asunto
mail-sample-title = Acuerdo familiar sobre los dispositivos

# A quién no le llega nada
mail-never-told = A quién no le llega nada
mail-never-told-lead = Personas a quienes se pide algo y a quienes ni un correo ni una carta ha avisado. Imprima una carta para ellas, o agregue su dirección en el sistema de información estudiantil. Lo que sale en las próximas mañanas de clase no está aquí.
mail-untold-not-set-up = Aun así se pueden imprimir cartas.
mail-untold-none = Se avisó a todas las personas a quienes se pide algo.
mail-by-school = Por escuela
mail-all = Todas
mail-why-no-address = Sin dirección
mail-why-refused = Rechazado por el servidor de correo
mail-why-bounced = Devuelto
mail-why-waits = Ningún servidor de correo lo tomó
mail-why-no-notice = No se hizo ningún aviso
mail-untold-number = { $number ->
    [0] Nadie
    [one] 1 persona
   *[other] { $said } personas
 }
mail-untold-all = Mostrar todo
mail-untold-csv = Descargar como CSV
mail-untold-name = Nombre
mail-untold-children = Para
mail-untold-school = Escuela
mail-untold-role = Función
mail-untold-grade = Grado
mail-untold-duties = Abiertas
mail-untold-first-day = Primer último día
mail-untold-why = Por qué
mail-untold-address = Dirección
mail-untold-said = Lo que dijo el servidor de correo
mail-choose = Una carta para { $name }
mail-letters-all = Cartas para todas las personas
mail-letters-first = Cartas para las primeras { $number }
mail-letters-chosen = Cartas para las personas marcadas

# Cartas
mail-letters = Cartas
mail-letters-none = No se eligió a nadie a quien no le llegue nada. Primero marque los nombres en la lista.
mail-letters-too-many = Son más de 200 cartas. Elija menos; se hacen en varios archivos.
mail-letters-number = { $number ->
    [one] 1 carta, de una página, en el idioma de quien la lee.
   *[other] { $number } cartas, de una página cada una, cada una en el idioma de quien la lee.
 }
mail-letters-full = La escuela tiene más: cuando se entreguen estas, siguen las próximas.
mail-letters-step-1 = 1. Imprimir
mail-letters-step-1-text = El archivo empieza con una lista de para quién es cada carta. Hacerlo no cambia nada.
mail-letters-pdf = Hacer las cartas (PDF)
mail-letters-step-2 = 2. Decir que se entregan
mail-letters-step-2-text = Desde entonces estas personas cuentan como avisadas y salen de la lista.
mail-letters-told = Las imprimí y las voy a entregar
mail-letters-done = { $number ->
    [0] Nadie nuevo cuenta como avisado: alguien se adelantó, o ya respondieron.
    [one] 1 persona cuenta como avisada por carta.
   *[other] { $number } personas cuentan como avisadas por carta.
 }
mail-letters-for = Para quién
mail-letters-children = para { $children }
mail-letters-things = { $number ->
    [one] 1 cosa por responder
   *[other] { $number } cosas por responder
 }
mail-letters-office = oficina de la escuela

# El propio
mail-mine = Mi correo
mail-mine-address = Sus correos van a
mail-mine-address-wrong = Si la dirección no es correcta, avise a la oficina de su escuela.
mail-mine-no-address = Su escuela no tiene una dirección de correo electrónico suya. Avise a la oficina si quiere recibir correos; no es obligatorio, todo está aquí y en papel.
mail-mine-not-set-up = Su distrito todavía no envía correos.
mail-mine-kinds = Lo que usted recibe
mail-mine-choice = Lo que puede desactivar
mail-mine-keep = Guardar mi elección
mail-mine-kept = Su elección está guardada.
mail-mine-off = Su distrito lo desactivó.
mail-mine-always = Esto es parte de su trabajo con las normas del distrito.
mail-mine-always-duty = Su escuela necesita su respuesta. Cuando haya respondido, estos correos terminan.
mail-mine-last = Los últimos correos para usted
mail-mine-none = Todavía no ha salido ningún correo para usted.

# En la primera página
today-mail-down = No se puede conectar con el servidor de correo desde el { $day }
today-mail-amiss = { $number ->
    [one] 1 correo no llegó bien en los últimos 7 días
   *[other] { $number } correos no llegaron bien en los últimos 7 días
 }
today-never-told = A algunas personas no se les avisó de nada: vea a quién no le llega ningún correo
