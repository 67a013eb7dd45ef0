# Mails. {$n}: a number; {$title}: what is asked; {$child}: a child's given name; {$day}: a day in words.
mail-hello = Hola, { $name }:
mail-intro-duties = { $district } le pide una respuesta.
mail-intro-others = Estas son las novedades de { $district }.
mail-subject-new = Por favor, responda: { $title }
mail-subject-due = Se acerca la fecha: { $title }
mail-subject-late = Aún falta su respuesta: { $title }
mail-subject-several = { $n } asuntos esperan su respuesta
mail-subject-late-several = { $n } asuntos aún esperan su respuesta
mail-subject-link = Su nuevo enlace para responder
mail-section-late = Ya pasó la fecha
mail-section-open = Por hacer
mail-section-others = Otras novedades
mail-duty = { $title }
mail-duty-for = { $title }, para { $child }
mail-duty-until = Último día: { $day }. Toma { $n ->
    [one] 1 minuto
   *[other] unos { $n } minutos
}.
mail-duty-late = El último día fue el { $day }. Todavía puede responder, y su respuesta cuenta.
mail-link = Abrir mis tareas
mail-link-note = Este enlace sirve una sola vez, durante la hora siguiente a este correo, y solo abre sus propias tareas. Más tarde, la misma página le envía otro, o puede iniciar sesión como siempre. Por favor, no reenvíe este correo.
mail-intro-link = Pidió un nuevo enlace para responder.
mail-why-link = Recibe este correo porque alguien que tiene un correo anterior a esta dirección pidió un nuevo enlace. Si no fue usted, no tiene que hacer nada.
mail-why-duties = Recibe este correo porque su escuela necesita una respuesta suya, o suya en nombre de su hijo o hija. Si no puede responder aquí, pregunte en la oficina de la escuela: allí tienen lo mismo en papel.
mail-why-others = Recibe este correo por su trabajo con las normas del distrito. Lo que se puede desactivar, se desactiva en su página «Mi correo».
mail-closing = Gracias.
mail-no-reply = Nadie lee las respuestas a esta dirección. La oficina de su escuela le ayuda.
mail-comment = Hay respuesta a su comentario sobre «{ $policy }»
mail-comment-detail = Lea qué se decidió y por qué.
mail-no = { $n ->
    [one] 1 respuesta dice que no a algo o retira algo
   *[other] { $n } respuestas dicen que no a algo o retiran algo
}
mail-no-detail = Por favor, atiéndalo y anote lo que se hizo.
mail-review = «{ $policy }» debe revisarse a más tardar el { $day }
mail-review-detail = Una revisión termina con «sin cambios» o con un nuevo borrador.
mail-import = Un registro escolar espera su decisión
mail-import-detail = Cambiaría más de lo habitual, así que todavía no ha entrado nada. Mire la lista y decida si entra o se descarta.
mail-leaders = { $title }: { $n ->
    [one] 1 persona
   *[other] { $n } personas
} de { $school } con más de { $days ->
    [one] 1 día
   *[other] { $days } días
} de retraso
mail-leaders-detail = La lista dice quiénes.
mail-view = { $name }
mail-view-detail = { $done } de { $asked } cumplidos, { $late } con retraso, al { $day }.
notice-kind-duty-new = Se le pide algo nuevo
notice-kind-duty-due = Se acerca una fecha
notice-kind-duty-late = Pasó una fecha
notice-kind-duty-leaders = Dirección de la escuela: quién va con retraso
notice-kind-comment-answered = Respondieron a su comentario
notice-kind-answer-no = Alguien dijo que no o retiró algo
notice-kind-review-due = Una norma debe revisarse
notice-kind-import-held = Un registro escolar espera una decisión
notice-kind-view-weekly = Las cifras semanales de una vista guardada
notice-kind-link-wanted = Un nuevo enlace para responder
mail-request-decided = Su solicitud de abrir una página ya tiene respuesta
mail-request-decided-detail = Lea qué se decidió y por qué. Si no está de acuerdo, puede pedir que lo revise otra persona.
mail-request-waiting = Una solicitud de abrir una página espera una decisión
mail-request-waiting-detail = Su plazo corre en horas hábiles. Por favor, decida y diga por qué.
notice-kind-request-decided = Se decidió su solicitud de abrir una página
notice-kind-request-waiting = Espera una solicitud de abrir una página
mail-packet = Su paquete de auditoría está listo
mail-packet-detail = Lo encuentra en este enlace, después de iniciar sesión. Se guarda 30 días.
mail-packet-failed = No se pudo hacer su paquete de auditoría
mail-packet-failed-detail = La página dice por qué. Allí puede pedirlo otra vez.
notice-kind-export-ready = Un archivo que usted pidió está listo
