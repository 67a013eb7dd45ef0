## Estándar 5
standard5-title = Estándar 5: ciudadanía digital
standard5-lead = Lo que muestran hoy los registros, criterio por criterio. Un nivel es un hecho sobre las pruebas, no un juicio sobre la ley.
standard5-how = Un indicador tiene el nivel de su criterio medido más bajo, en cuanto se mide al menos la mitad de sus criterios. Donde no hay datos no hay nivel, y eso no es lo mismo que el nivel 1. Los grupos de menos de 10 personas no se muestran.
standard5-caption = { $name }: sus criterios, lo que se midió, el nivel y qué falta
standard5-criterion = Criterio
standard5-measured = Medido
standard5-level = Nivel
standard5-raise = Qué falta
standard5-level-of = Nivel { $level } de 4
standard5-no-level-yet = Todavía sin nivel: { $measured } de { $all } criterios medidos
standard5-more-than-points = Más de { $number } puntos
standard5-measured-of = { $measured } de { $all } criterios medidos
standard5-no-level = Sin nivel
standard5-no-data = Sin datos
standard5-few = No se muestra: menos de 10 personas
standard5-filled = { $what }
standard5-top = Nada: está en el nivel más alto
standard5-profile = { $source }. { $publisher }, { $version }; criterios { $criteria }.
standard5-back = Todos los criterios del estándar 5
standard5-now = Lo que se midió
standard5-formula = Cómo se mide
standard5-formula-version = Versión { $version } de esta fórmula.
standard5-levels = Qué pide cada nivel
standard5-levels-caption = Los umbrales de los cuatro niveles
standard5-lowest = El grupo más bajo decide el nivel. Un grupo de menos de 10 personas no se muestra y no cuenta para el nivel.
standard5-below = Menos que para el nivel 2
standard5-records = Los registros de los que sale
standard5-records-caption = Los registros de los que sale este criterio, con lo que aporta cada uno
standard5-record = Registro
standard5-adds = Lo que aporta
standard5-record-version = { $title }, versión { $number }
standard5-see-audit = Ver la auditoría
standard5-see-policies = Ver las normas
standard5-see-courses = Ver los cursos
standard5-record-in-time = Revisada a tiempo
standard5-record-late = Falta revisarla
standard5-record-none = Ningún comentario
standard5-record-taught = Hay un curso
standard5-record-untaught = No hay curso

## Números
standard5-share = { $part } de { $whole } ({ $percent })
standard5-groups-one = { $heard } de { $all } grupos
standard5-groups-mean = { $heard } de { $all } grupos en promedio, en { $versions } versiones de normas
standard5-at-least-percent = { $number }% o más
standard5-all-percent = 100%
standard5-at-least-groups = { $number } grupos o más
standard5-at-most-points = Una diferencia de { $number } puntos o menos
standard5-at-least = { $number } o más
standard5-part-all = Todo
standard5-part-staff = Personal
standard5-part-students = Estudiantes
standard5-part-board = Junta escolar
standard5-part-line = { $part }: { $text }

## Qué subiría un nivel
standard5-for-level = Para el nivel { $level }: { $what }
standard5-raise-5a-3 = { $more ->
    [one] 1 persona más que encuentre todas las versiones en su idioma
   *[other] { $shown } personas más que encuentren todas las versiones en su idioma
 }
standard5-raise-5b-1 = { $more ->
    [one] 1 grupo más escuchado
   *[other] { $shown } grupos más escuchados, sumando todas las versiones
 }
standard5-raise-5b-2 = { $more ->
    [one] 1 comentario más respondido, con su razón, antes de la adopción
   *[other] { $shown } comentarios más respondidos, con su razón, antes de la adopción
 }
standard5-raise-5b-3 = { $more ->
    [one] 1 norma más revisada
   *[other] { $shown } normas más revisadas
 }
standard5-raise-5b-4 = { $more ->
    [one] 1 respuesta más que acepte
   *[other] { $shown } respuestas más que acepten
 }
standard5-raise-5c-1 = { $more ->
    [one] 1 tema más con curso para un público
   *[other] { $shown } combinaciones más de tema y público con un curso
 }
standard5-raise-5c-2 = { $more ->
    [one] 1 estudiante más, menor de 17 años, que apruebe cursos de los tres temas
   *[other] { $shown } estudiantes más, menores de 17 años, que aprueben cursos de los tres temas
 }
standard5-raise-5c-3 = { $more ->
    [one] 1 curso más completado
   *[other] { $shown } cursos más completados
 }
standard5-raise-5c-4 = { $more ->
    [one] 1 persona más con 80% o mejor
   *[other] { $shown } personas más con 80% o mejor
 }
standard5-raise-5c-5 = { $more ->
    [one] 1 curso más que una persona nueva complete en 30 días
   *[other] { $shown } cursos más que personas nuevas completen en 30 días
 }
standard5-not-heard = No escuchados en todas las versiones: { $groups }
standard5-not-taught = Sin un curso al día: { $pairs }
standard5-group-students = estudiantes
standard5-group-families = familias
standard5-group-teachers = docentes
standard5-group-other-staff = otro personal
standard5-group-school-leaders = directivos escolares
standard5-group-board = junta escolar
standard5-group-community = comunidad
standard5-topic-filtering = filtrado
standard5-topic-netiquette = buenos modales en línea
standard5-topic-cyberbullying = ciberacoso
standard5-topic-acceptable-use = uso aceptable
standard5-topic-fair-use = uso legítimo
standard5-audience-k-2 = grados K-2
standard5-audience-3-5 = grados 3-5
standard5-audience-6-8 = grados 6-8
standard5-audience-9-12 = grados 9-12
standard5-audience-staff = personal
standard5-audience-families = familias
standard5-pair = { $topic }, { $audience }
standard5-report = Informe para la junta (PDF)
