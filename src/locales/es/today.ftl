today-hello = Hola, { $name }
today-own-tasks = { $number ->
    [one] 1 tarea suya
   *[other] { $number } tareas suyas
 }
today-in-force = Cómo van los requisitos
today-tile = { $done } de { $asked }
today-late = { $number ->
    [0] ninguna con retraso
    [one] 1 respuesta con retraso
   *[other] { $said } respuestas con retraso
 }
today-comment-on = Comente { $title } hasta el { $day }
today-waiting = Le espera
today-nothing-waits = No le espera nada.
today-nothing-open = Ningún borrador está abierto a comentarios.
today-open = { $title }: abierta hasta el { $day }
today-comments = { $number ->
    [one] 1 comentario sobre { $title } espera respuesta
   *[other] { $number } comentarios sobre { $title } esperan respuesta
 }
today-publish = { $title } está adoptada: publíquela
today-review = Toca revisar { $title }
today-empty = Todavía no se exige nada. Así empieza un distrito:
today-first-roster = Traer el registro
today-first-policy = Tomar una norma de la biblioteca
today-first-requirement = Decir quién debe responder
