# Lecciones que los maestros dan a una clase.
teaching-title = Lecciones para mis clases
teaching-lead = Dé la lección a la clase y después anote quién estuvo. Vale para cada estudiante como si la hubiera hecho por su cuenta. Quien faltó conserva la tarea.
teaching-nothing = No se pide ninguna lección a sus clases
teaching-nothing-text = En cuanto su escuela pida un curso a sus estudiantes, aparecerá aquí.
teaching-asked = Lo que se pide a sus clases
teaching-give = Dar esta lección
teaching-given = Lecciones dadas
teaching-open = { $number ->
    [0] Todos la hicieron
    [one] A 1 estudiante le falta
   *[other] A { $number } estudiantes les falta
}
teaching-for-class = Para sus clases
teaching-before = Antes de la lección
teaching-before-text = El curso tiene el texto para leer en voz alta, preguntas para conversar, una actividad sin dispositivos y una guía para usted.
teaching-material = Abrir el curso
teaching-who = ¿Quién estuvo?
teaching-held = Día de la lección
teaching-that-day = Mostrar la clase de ese día
teaching-done = { $number ->
    [one] Ya la hizo: { $names }.
   *[other] { $number } ya la hicieron: { $names }.
}
teaching-nobody-open = Toda la clase ya la hizo.
teaching-mark = Todos están marcados como presentes. Cambie a quien faltó o tenía permiso.
teaching-here = Presente
teaching-absent = Faltó
teaching-excused = Con permiso
teaching-note = Una nota (puede quedar vacía)
teaching-attest-text = Di esta lección a esta clase ese día, y quienes están marcados como presentes estuvieron.
teaching-attest = Anotarla
teaching-attested = La lección quedó registrada.
teaching-by = La dio
teaching-put-down = Se anotó
teaching-here-count = { $number ->
    [one] Estuvo 1 estudiante
   *[other] Estuvieron { $number } estudiantes
}
teaching-absent-count = { $number ->
    [0] {""}
    [one] 1 estudiante conserva la tarea
   *[other] { $number } estudiantes conservan la tarea
}
teaching-next = La misma lección para su otra clase
teaching-were-there = Quiénes estuvieron
teaching-correct-text = Corrija lo que no sea así. Lo que estaba antes queda en el registro del distrito.
teaching-correct = Guardar las correcciones
teaching-corrected = { $number ->
    [0] No se cambió nada.
    [one] Se corrigió a 1 estudiante.
   *[other] Se corrigió a { $number } estudiantes.
}
teaching-wrong-here = Marque al menos a un estudiante como presente.
teaching-wrong-held = Elija un día en que la lección pudo haberse dado: ni en el futuro ni antes de que el curso se publicara.
