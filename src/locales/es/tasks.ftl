tasks-hello = { $number ->
    [0] Hola, { $name }: no tiene nada pendiente
    [one] Hola, { $name }: tiene 1 cosa por hacer
   *[other] Hola, { $name }: tiene { $number } cosas por hacer
 }
tasks-minutes = Unos { $minutes } minutos en total. Puede parar y volver: lo que haya hecho queda guardado.
tasks-none = Ya respondió a todo lo que se le pidió. Lo nuevo aparecerá aquí.
tasks-for-child = Para { $name }, { $school }
tasks-was-due = Venció el { $day }
tasks-late = Con retraso
tasks-about = Unos { $minutes } minutos
tasks-for = por { $name }
tasks-due-today = Vence hoy
tasks-due = Hasta el { $day } · unos { $minutes } minutos
tasks-agreed = Aceptó el { $day }
tasks-completed = Completado el { $day }
tasks-declined = Dijo que no el { $day }
tasks-read-and-answer = Leer y responder
tasks-see-answer = Su respuesta
tasks-take-course = Tomar el curso
tasks-see-course = Verlo otra vez
tasks-done = Hecho
tasks-why = Para qué sirven
tasks-why-text = Dicen qué puede esperar usted de la tecnología de la escuela y qué espera ella de usted. Puede decir que no: entonces su escuela hablará con usted.
tasks-paper = También puede responder en papel. Pregunte en la oficina de su escuela.
tasks-opens = Desde el { $day }
tasks-answered = Respondió el { $day }: { $yes } sí, { $no } no
