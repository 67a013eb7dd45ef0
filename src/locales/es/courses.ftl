course-none = Todavía no hay cursos publicados.
course-library = Cursos incluidos
course-library-lead = Escritos completos y libres de adaptar. Tome uno como borrador, léalo y publíquelo.
course-library-all-taken = Ya los tomó todos.
course-taken = Ya es un borrador. Léalo y después publíquelo.
course-published = El curso está publicado.
course-line = { $topic } · unos { $minutes } minutos
course-topic-filtering = Filtros
course-topic-netiquette = Trato en línea
course-topic-cyberbullying = Ciberacoso
course-topic-acceptable-use = Uso responsable
course-topic-fair-use = Derechos de autor
course-topic-ai = Inteligencia artificial
course-topic-accessibility = Accesibilidad
course-topic-privacy = Privacidad
course-topic-governance = Cómo se hacen las políticas
course-topic-filter-review = Revisión del filtro
course-topic-global-collaboration = Colaboración global
course-audience-k-2 = Kínder a 2.º grado
course-audience-3-5 = Grados 3–5
course-audience-6-8 = Grados 6–8
course-audience-9-12 = Grados 9–12
course-audience-6-12 = Grados 6–12
course-audience-staff = Personal
course-audience-it-library = Personal de tecnología y biblioteca
course-audience-families = Familias
course-audience-board = Junta
course-size = { $lessons } lecciones, { $questions } preguntas, unos { $minutes } minutos
course-start = Empezar el curso
course-resume = Seguir (quedan { $minutes } minutos)
course-again = Tomarlo otra vez
course-no-hurry = No hay límite de tiempo. Puede parar y volver: lo hecho queda guardado.
course-lessons = Lecciones
course-minutes = { $minutes } min
course-objectives = Después podrá
course-activity = Una actividad para la clase y para casa
course-guide = Para el docente
course-sources = De dónde vienen los datos
course-lesson-of = Lección { $number } de { $of }
course-lesson-before = La lección anterior
course-read-go-on = Ya lo leí: seguir
course-question-of = Pregunta { $number } de { $of }
course-several = Puede haber más de una correcta.
course-choose = Primero elija una respuesta.
course-answer = Responder
course-right = Correcto
course-not-quite = No del todo
course-missed = { $number ->
    [one] Faltó 1 que también era correcta.
   *[other] Faltaron { $number } que también eran correctas.
 }
course-go-on = Seguir
course-result = Su resultado
course-all-answered = Ya respondió a todas las preguntas.
course-see-result = Ver el resultado
course-passed = Completado
course-passed-text = Bien hecho. Queda guardado con sus tareas.
course-not-yet = Todavía no
course-not-yet-text = Hace falta un { $mark } %. Lea lo que le faltó y pruebe otra vez; nadie cuenta las veces.
course-try-again = Probar otra vez
course-you-missed = Preguntas en las que falló
course-read-again = Lecciones para leer otra vez
items-title = Cómo funcionan las preguntas
items-lead = Con el primer intento de cada persona. Una buena pregunta la acierta la mayoría, y más quienes aciertan las demás. Una opción equivocada que atrae a muchos muestra lo que la lección debe decir mejor.
items-warned = { $number ->
    [one] Conviene revisar 1 pregunta.
   *[other] Conviene revisar { $number } preguntas.
}
items-fine = Funciona bien
items-look = Conviene revisarla
items-line = { $right } % de aciertos, de { $people } personas; va con el resto del curso: { $fit }
items-fit-none = todos respondieron igual
items-right = correcta
items-too-few = { $number ->
    [0] Nadie la ha respondido todavía. Las cifras aparecen con { $fewest } personas.
    [one] La ha respondido 1 persona. Las cifras aparecen con { $fewest } personas.
   *[other] La han respondido { $number } personas. Las cifras aparecen con { $fewest } personas.
}
items-backwards = Quienes aciertan las demás preguntas fallan esta. Revise si la respuesta marcada y las palabras son correctas.
items-misleads = Una opción equivocada atrae a muchas personas. Revise si es cierta en parte, o dígalo con más claridad en la lección.
items-flat = Apenas distingue a quien sabe de quien no. Quizás se puede adivinar, o pregunta otra cosa.
certificate = Su certificado (PDF)
certificate-check = Comprobar un certificado
certificate-check-lead = Escriba el código que está en el certificado. Verá de qué curso es, cuándo se completó y las iniciales de quien lo completó.
certificate-code = Código
certificate-code-hint = Ocho caracteres, como 7HKX-29PD.
certificate-look = Comprobarlo
certificate-good = Este certificado está registrado
certificate-who = Iniciales
certificate-course = Curso
certificate-day = Completado
certificate-limit = Dice que el curso se completó, y nada más sobre esta persona.
certificate-unknown = No hay ningún certificado con este código. Compare cada carácter con el papel.
