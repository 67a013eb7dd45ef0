audiences-title = Destinatarios guardados
audiences-back = Todos los destinatarios guardados
audiences-new = Nuevos destinatarios
audiences-none = Todavía no hay destinatarios guardados
audiences-none-text = Guarde con un nombre un grupo al que pide algo una y otra vez, como «Personal de las escuelas intermedias». Los requisitos que lo nombran siguen sus cambios.
audiences-name = Nombre
audiences-name-hint = Por ejemplo, «Personal de las escuelas intermedias».
audiences-who-it-is = Quiénes son
audiences-used-by = Requisitos que los usan
audiences-unused = Ninguno todavía
audiences-saved = Destinatarios guardados
audiences-saved-notice = «{ $name }» está guardado. Lo encuentra en la lista de a quiénes se puede pedir.
audiences-changed-notice = «{ $name }» ha cambiado. { $number ->
    [0] No se pide a nadie más.
    [one] Se pide 1 respuesta más.
   *[other] Se piden { $said } respuestas más.
 }
audiences-retire = Retirar estos destinatarios
audiences-retire-text = Ya no se ofrecen. Los requisitos que los usan los conservan, y no cambia lo que debe hacer nadie.
audiences-retired-notice = «{ $name }» se ha retirado. Los requisitos que lo usan lo conservan.
audiences-retired = Retirados ({ $number })
audiences-retired-state = Retirado
audiences-retired-text = Ya no se ofrecen. Los requisitos que los usan los conservan.
audiences-no-name = Dé un nombre a los destinatarios, por ejemplo «Personal de las escuelas intermedias».
audiences-long-name = El nombre es una línea de 100 caracteres como máximo.
audiences-taken-name = Otros destinatarios guardados tienen este nombre: elija otro.
audiences-nested = Los destinatarios guardados no pueden estar hechos de otros guardados: diga quiénes son.
audiences-beyond = Estos destinatarios se escribieron como una regla con partes que este formulario no tiene. Aquí puede empezar de nuevo, o cambiarlos con el comando «assent audience».
audiences-effects = Qué significa el cambio
audiences-count-text = Vea cuántas personas son, escuela por escuela, antes de guardarlo.
audiences-count-first = Usted cambió algo después de contar. Esta es la cuenta nueva: mírela y luego continúe.
audiences-save = Guardar estos destinatarios
audiences-keep = Guardar el cambio
audiences-save-for-later = Guardar a estas personas con un nombre, para pedirles algo otra vez
audiences-save-hint = Por ejemplo, «Personal de las escuelas intermedias». Este requisito sigue después los cambios de los destinatarios.
audiences-will-be-asked = { $number ->
    [0] No se pedirá a nadie más.
    [one] Se pedirá a 1.
   *[other] Se pedirá a { $said }.
 }
audiences-no-longer-asked = { $number ->
    [0] No sale nadie.
    [one] A 1 ya no se le pedirá.
   *[other] A { $said } ya no se les pedirá.
 }
audiences-answered-before = { $number ->
    [one] 1 vuelve con una respuesta dada antes.
   *[other] { $said } vuelven con una respuesta dada antes.
 }
audiences-nothing-changes = Nadie entra ni sale: se pide a las mismas personas.
audiences-nobody-asked-yet = Todavía no se ha pedido a nadie: solo cambia el requisito guardado.
audiences-change-who = Cambiar quién debe hacerlo
audiences-now = Quiénes son ahora
audiences-from-now = Quiénes serán
audiences-what-changes = Qué cambia
audiences-change-text = Vea quiénes entrarían y saldrían antes de que cambie nada. Las respuestas dadas se conservan.
audiences-count-change = Mostrar qué cambiaría
audiences-do-change = Hacer este cambio
audiences-not-in-force = este requisito ya no está vigente: sus personas quedan como estaban
audiences-who-changed-notice = { $number ->
    [0] Ha cambiado. No se pide a nadie más.
    [one] Ha cambiado. Se pide 1 respuesta más.
   *[other] Ha cambiado. Se piden { $said } respuestas más.
 }
audiences-who = Quién
audiences-or-who = o
audiences-but-not = pero no
audiences-anybody = Cualquiera
audiences-by-name = Personas por nombre
audiences-choose-who = Elija a quiénes se refiere.
audiences-choose-people = Busque al menos a una persona y marque su nombre.
audiences-group = Grupo { $number }
audiences-except = Excepción { $number }
audiences-remove-group = Quitar el grupo { $number }
audiences-remove-except = Quitar la excepción { $number }
audiences-add-group = Añadir otro grupo
audiences-add-except = Dejar fuera a alguien
audiences-more-conditions = Más: { $names }
audiences-schools = Escuela
audiences-grades = Grado
audiences-joined = Entrada
audiences-positions = Puesto
audiences-classes = Clase
audiences-languages = Idioma
audiences-people = Personas por nombre
audiences-any = cualquiera
audiences-any-day = cualquier día
audiences-nobody-yet = nadie elegido todavía
audiences-and-more = { $first } y { $number } más
audiences-all-but = todos menos { $these }
audiences-turn = todos menos estos
audiences-since = el { $day } o después
audiences-before = antes del { $day }
audiences-between = desde el { $since } hasta el día anterior al { $before }
audiences-on-or-after = ese día o después
audiences-before-day = antes de
audiences-find = Buscar
audiences-find-classes = Parte del título o del código
audiences-find-people = Parte del nombre
audiences-found = Marque lo que corresponda:
audiences-found-more = Estos son los primeros { $number }. Escriba más letras para ver otros.
audiences-all-chosen = Todo lo que se encontró ya está elegido.
audiences-none-found = No se encontró nada con «{ $text }». Pruebe con menos letras.
audiences-unknown-schools = Elija escuelas de la lista.
audiences-unknown-grades = Elija grados de la lista.
audiences-unknown-positions = Elija puestos de la lista.
audiences-unknown-languages = Elija idiomas de la lista.
audiences-unknown-classes = Elija clases que se encontraron.
audiences-unknown-people = Elija personas que se encontraron.
audiences-each-school = Mostrar cada una de estas escuelas
audiences-examples = Algunas de ellas por nombre
audiences-example-for = { $name }, por { $child }
audiences-is-student = estudiante
audiences-is-teacher = docente
audiences-is-staff = otro personal
audiences-is-school_leader = dirección escolar
audiences-is-guardian = tutor
audiences-is-board_member = miembro de la junta
audiences-is-community = comunidad
audiences-sentence-one = { $who } debe { $what } { $when }.
audiences-unchanged = Todavía no hay cambios. Cambie algo y cuente otra vez para ver qué significa.
audiences-people-today = { $number ->
    [one] 1 persona hoy
   *[other] { $said } personas hoy
 }
