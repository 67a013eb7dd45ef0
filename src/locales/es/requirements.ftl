requirements-ask-for = Pedir algo a las personas
requirements-back = Todos los requisitos
requirements-none = Todavía no se ha pedido nada a nadie
requirements-none-text = Un requisito dice quién debe aceptar una norma o tomar un curso, y hasta cuándo. Muestra a quiénes alcanza antes de pedirlo.
requirements-in-force = Vigentes
requirements-saved = Guardados, todavía sin pedir
requirements-past = Anteriores
requirements-what = Qué se pide
requirements-saved-state = Guardado
requirements-issued-state = Vigente
requirements-superseded-state = Reemplazado por una versión nueva
requirements-renewed-state = Se pide de nuevo este año escolar
requirements-withdrawn-state = Retirado
requirements-days-after-joining = { $days ->
    [one] 1 día después de entrar
   *[other] { $days } días después de entrar
 }
requirements-who-must = Quién debe hacerlo
requirements-stands = Cómo va
requirements-to-audit = Ver las cifras por escuela
requirements-issued-on = Se pide desde el { $day }
requirements-superseded-on = Reemplazado por una versión nueva el { $day }. Las respuestas dadas se conservan.
requirements-renewed-on = Se pidió de nuevo para el año escolar siguiente el { $day }. Las respuestas dadas quedan registradas.
requirements-withdrawn-on = Retirado el { $day }: { $reason }
requirements-withdraw = Retirar este requisito
requirements-withdraw-text = Ya no se pedirá a nadie. Las respuestas dadas se conservan.
requirements-reason = ¿Por qué?
requirements-say-why = Diga por qué, en una frase: se guarda con el requisito.
requirements-withdrawn-notice = El requisito fue retirado. Ya no se pide a nadie.
requirements-saved-notice = Guardado. Todavía no se ha pedido a nadie.
requirements-asked-notice = { $number ->
    [one] Se pide 1 respuesta. Ya está en la lista de tareas de la persona.
   *[other] Se piden { $said } respuestas. Ya están en las listas de tareas.
 }

requirements-new = Requisito nuevo
requirements-who = ¿Quién debe hacerlo?
requirements-no-subjects = Todavía no hay nada que pedir
requirements-no-subjects-text = Un requisito pide aceptar una norma publicada o tomar un curso publicado. Publique uno primero; aquí ya puede contar a quiénes alcanzaría.
requirements-no-subjects-act = Ir a las normas
requirements-subject = Qué se pide
requirements-choose = Elija…
requirements-no-subject = Elija la norma o el curso que se pide.
requirements-title = Cómo se llama la tarea
requirements-title-hint = Como la verán en su lista. Si lo deja vacío, lleva el nombre de la norma o del curso.
requirements-all-staff = Todo el personal
requirements-everybody = Todas las personas
requirements-answered-by = Responden
requirements-by-themselves = ellas mismas
requirements-by-guardians = sus tutores, por cada estudiante; basta la respuesta de un tutor. No se pide por quienes ya tienen 18 años.
requirements-due = Último día
requirements-join-days = Días para quienes entren después
requirements-goal = Meta en porcentaje
requirements-due-hint = El último día vale para quienes ya están cuando usted lo pide. Sin él, todos tienen los días de quienes entran después.
requirements-reaches = Alcanza hoy a
requirements-count = Contar a quiénes alcanza
requirements-count-again = Contar otra vez
requirements-count-text = Vea a cuántas personas alcanza, escuela por escuela, antes de pedirlo.
requirements-count-first = Usted cambió algo después de contar. Esta es la cuenta nueva: mírela y luego pídalo.
requirements-nobody = Hoy no alcanza a nadie.
requirements-other-schools = { $number ->
    [one] 1 escuela más
   *[other] { $number } escuelas más
 }
requirements-without-email = { $number ->
    [one] 1 de ellas no tiene correo electrónico.
   *[other] { $number } de ellas no tienen correo electrónico.
 }
requirements-without-guardian = { $number ->
    [one] 1 estudiante no tiene tutor en el registro: por él no se pide a nadie.
   *[other] { $number } estudiantes no tienen tutor en el registro: por ellos no se pide a nadie.
 }
requirements-ask = { $number ->
    [one] Pedirlo a esta persona
   *[other] Pedirlo a estas { $said } personas
 }
requirements-ask-families = { $number ->
    [one] Pedir esta respuesta
   *[other] Pedir estas { $said } respuestas
 }
requirements-save = Guardar y pedirlo después
requirements-do-this = hacerlo
requirements-guardians-of = Los tutores de { $who }
requirements-agree-to = aceptar «{ $title }»
requirements-take = tomar «{ $title }»
requirements-by-day = hasta el { $day }; { $days ->
    [one] quien entre después tiene 1 día
   *[other] quien entre después tiene { $days } días
 }
requirements-within = { $days ->
    [one] en 1 día desde que se pide o desde que entran
   *[other] en { $days } días desde que se pide o desde que entran
 }
requirements-sentence = { $who } deben { $what } { $when }.
requirements-unknown-role = Elija una función de la lista.
requirements-date-unreadable = Esto no es una fecha. Elija un día del calendario o escríbala como año-mes-día: 2026-10-01.
requirements-not-a-number = Escriba un número entero, como 30.
requirements-more-days = Más sobre los días
requirements-yearly = Pedirlo de nuevo cada año escolar
requirements-yearly-hint = El primer día de un año escolar se pide de nuevo a todos, sin importar cuándo respondieron antes. El último día vuelve en la misma fecha.
requirements-opens = Primer día
requirements-grace = Días de gracia
requirements-refresher = Quien lo hizo en un año anterior toma
requirements-refresher-hint = Solo si usted pide un curso.
requirements-no-other-course = El mismo curso
requirements-no-refresher = Elija un curso de la lista, o «El mismo curso».
requirements-another-course = otro curso
requirements-says-opens = Se puede responder a partir del { $day }.
requirements-says-yearly = Se pide de nuevo cada año escolar.
requirements-says-refresher = Quien lo hizo en un año anterior toma «{ $title }» en su lugar.
