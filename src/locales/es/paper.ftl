paper-title = Registrar formularios en papel
paper-lead = Formularios que volvieron firmados: escanee el código de cada uno, escríbalo o marque la lista de los que están fuera. No se guarda nada hasta que usted haya visto lo que se guardará.
paper-codes = Códigos, uno en cada línea
paper-codes-help = El lector envía cada código con Intro. Al escribirlos, las minúsculas y los espacios no importan.
paper-look = Buscar estos formularios
paper-no-codes = Escriba o escanee el código de al menos un formulario.
paper-too-many = Son más de { $number } códigos: regístrelos en dos tandas.
paper-or-list = O marque una lista
paper-or-list-text = Formularios impresos que todavía no han vuelto:
paper-nothing-out = No hay formularios impresos por volver. Se imprimen desde la página «Personas detrás de la cifra» de un requisito.
paper-out-of = { $number ->
    [one] 1 formulario de «{ $title }»
   *[other] { $number } formularios de «{ $title }»
 }
paper-list-by-class = por clase
paper-recent = Lo que usted ha registrado
paper-print-link = Imprimir formularios en papel
paper-enter-link = Registrar formularios en papel
paper-print-title = Formularios en papel: { $title }
paper-print-lead = Un formulario por cada persona que todavía no ha respondido, en su idioma, con el texto completo y un código. Si se imprime otra vez, lleva el mismo código.
paper-print-lead-families = Un formulario por cada tutor y estudiante que falta, en el idioma del tutor, con el texto completo y un código. Si se imprime otra vez, lleva el mismo código.
paper-by-school = Por escuela
paper-by-class = Por clase
paper-open = { $number ->
    [one] 1 formulario por imprimir
   *[other] { $number } formularios por imprimir
 }
paper-out = { $number ->
    [one] 1 está impreso y no ha vuelto: regístrelo
   *[other] { $number } están impresos y no han vuelto: regístrelos
 }
paper-print = Imprimir
paper-all = Todos estos
paper-all-text = { $number ->
    [one] Aquí falta 1 respuesta.
   *[other] Aquí faltan { $number } respuestas.
 }
paper-all-too-many = Son demasiados para un archivo: imprímalos por escuela o por clase.
paper-by-class-only = Son demasiados para un archivo: abra la escuela e imprima por clase.
paper-print-all = { $number ->
    [one] Imprimir 1 formulario
   *[other] Imprimir { $number } formularios
 }
paper-two-sided = Imprimimos por los dos lados: cada formulario empieza en su propia hoja
paper-then = Cuando vuelvan
paper-then-text = Escanee o escriba sus códigos, o marque la lista de la clase.
paper-all-schools = Todas las escuelas
paper-none-open = Todos han respondido
paper-none-open-text = No falta la respuesta de nadie a su alcance, así que no hay nada que imprimir.
paper-no-classes = Aquí nadie está en una clase: imprímalos todos juntos.
paper-batch-title = ¿Qué dicen estos formularios?
paper-batch-lead = { $number ->
    [0] No se pudo tomar ninguno de estos códigos.
    [one] Se encontró 1 formulario. Todavía no se guarda nada.
   *[other] Se encontraron { $number } formularios. Todavía no se guarda nada.
 }
paper-list-title = ¿Qué formularios han vuelto?
paper-list-lead = { $number ->
    [0] Ninguno de estos formularios está fuera.
    [one] 1 formulario está fuera. Todavía no se guarda nada.
   *[other] { $number } formularios están fuera. Todavía no se guarda nada.
 }
paper-how = ¿Cómo los registra?
paper-all-yes = Todos estos formularios dicen que sí a todo. Donde uno diga otra cosa, marco lo que dice.
paper-each = Marco cada formulario.
paper-all-yes-list = Todos estos formularios han vuelto y dicen que sí a todo. Donde uno diga otra cosa o no haya vuelto, lo marco.
paper-each-list = Marco cada formulario que ha vuelto. Lo que no marco todavía no ha vuelto.
paper-say-how = Diga cómo los registra: todos con sí salvo lo que marque, o cada formulario marcado.
paper-nothing-taken = No hay nada marcado, así que no hay nada que guardar: marque lo que dicen los formularios.
paper-signed-day = Fecha junto a la firma
paper-signed-day-help = La de la mayoría. El que se firmó otro día tiene su lugar más abajo.
paper-yes = Sí
paper-no = No
paper-yes-to-all = Sí a todo
paper-no-to-all = No a todo
paper-answers = Responde { $name } · { $place }
paper-of-version = { $title }, versión { $number }
paper-more = Otro nombre, fecha o motivo, o dejarlo fuera
paper-skip = Dejar fuera este formulario
paper-not-back = Todavía no ha vuelto
paper-other-name = Firmó otra persona: su nombre
paper-other-day = Se firmó otro día
paper-reason = Motivo escrito en el formulario
paper-more-codes = Más códigos
paper-more-codes-help = Aquí quedan los códigos que no se pudieron tomar, para corregirlos o borrarlos.
paper-codes-mend = Algunos códigos no se pudieron tomar: véalos arriba.
paper-add = Buscar también estos
paper-preview = Mostrar lo que se guardaría
paper-refused = { $number ->
    [one] 1 código no se pudo tomar
   *[other] { $number } códigos no se pudieron tomar
 }
paper-open-form = Abrir el formulario
paper-wrong-slip = Esto no es un código.
paper-mend-slip = Un carácter está mal o falta: compárelo con el formulario. Los códigos no tienen vocales, ni 0, ni 1.
paper-wrong-unknown = Ningún formulario a su alcance tiene este código.
paper-mend-unknown = Puede ser de otra escuela: entréguelo a la oficina de esa escuela.
paper-wrong-entered = { $what }: ya se registró el { $day }.
paper-mend-entered = No hay nada que hacer. Si el registro no dice lo mismo que el papel, regístrelo otra vez.
paper-wrong-answered = { $what }: ya se respondió el { $day }, no en papel.
paper-mend-answered = Si el papel dice otra cosa, y es lo más reciente, regístrelo desde la página del formulario.
paper-wrong-not-needed = { $what }: ya no hace falta ({ $reason }).
paper-mend-not-needed = Guarde el formulario con los otros. Si dice algo que la escuela deba saber, regístrelo desde la página del formulario.
paper-wrong-replaced = { $what }: un formulario más nuevo ocupa el lugar de este.
paper-mend-replaced = No se puede registrar. Imprima el nuevo y pida a la familia que lo lea y lo firme.
paper-wrong-ended = { $what }: ya nadie pide esta respuesta ({ $why }).
paper-mend-ended = No se puede registrar. Guarde el formulario con los otros o devuélvalo.
paper-wrong-not-yet = { $what }: se puede responder desde el { $day }.
paper-mend-not-yet = Guarde el formulario y regístrelo desde ese día.
paper-fault-tick = La pregunta { $number } no tiene respuesta: marque lo que dice el formulario. Una pregunta vacía en el papel vuelve a la familia.
paper-fault-ahead = La fecha junto a la firma todavía no ha llegado: mire el formulario otra vez.
paper-fault-before = Este formulario se imprimió el { $day }: no se pudo firmar antes.
paper-fault-day = No se entiende la fecha junto a la firma: elíjala.
paper-fault-name = El nombre es demasiado largo: escriba como máximo 200 caracteres.
paper-fault-reason = El motivo tiene más de 2,000 caracteres: acórtelo.
paper-preview-title = Esto es lo que se guardará
paper-preview-lead = { $number ->
    [one] 1 respuesta
   *[other] { $number } respuestas
 }, { $no ->
    [0] todas con sí a todo.
    [one] 1 de ellas con un no.
   *[other] { $no } de ellas con un no.
 }
paper-nothing-yet = Todavía no se guarda nada. Compare esta lista con los formularios.
paper-kept-heading = Respuestas que se guardarán
paper-says = Dice
paper-signed-heading = Firma
paper-signed = { $name }, { $day }
paper-left-out = { $number ->
    [one] 1 formulario queda fuera
   *[other] { $number } formularios quedan fuera
 }
paper-signatures = Cada uno de estos formularios está firmado por la persona que aparece aquí. Lo he comprobado.
paper-look-at-signatures = Mire la firma de cada formulario y diga que lo ha hecho.
paper-scan = Copia escaneada (no es obligatoria)
paper-scan-help = Un PDF, JPEG o PNG de 10 MB como máximo. Queda junto a cada uno de estos registros; solo la puede abrir quien puede verlos todos.
paper-scan-empty = Este archivo está vacío: elija la copia escaneada.
paper-scan-large = Este archivo pasa de 10 MB: escanee en blanco y negro, o a 200 puntos por pulgada.
paper-scan-other = Esto no es un PDF, JPEG ni PNG, diga lo que diga su nombre: escanee el formulario en uno de estos formatos.
paper-scan-broken = Este archivo se corta antes del final: escanee el formulario otra vez.
paper-scan-there = Esta copia ya está adjunta.
paper-scan-attached = La copia está adjunta.
paper-scan-line = Copia escaneada ({ $file }) del { $day }, por { $name }
paper-keep = { $number ->
    [one] Guardar esta respuesta
   *[other] Guardar estas { $number } respuestas
 }
paper-change = Cambiar algo
paper-kept = { $number ->
    [one] 1 respuesta quedó guardada.
   *[other] { $number } respuestas quedaron guardadas.
 }
paper-kept-refused = { $number ->
    [one] 1 código no se pudo tomar y no se registró.
   *[other] { $number } códigos no se pudieron tomar y no se registraron.
 }
paper-kept-again = El formulario se registró otra vez. El registro anterior se conserva.
paper-form-title = Formulario { $code }
paper-state-open = Todavía no ha vuelto
paper-state-entered = Registrado el { $day }
paper-state-answered = Respondido de otra forma el { $day }
paper-state-not-needed = Ya no hace falta
paper-state-replaced = Un formulario más nuevo ocupa su lugar
paper-state-ended = Ya no se pide
paper-state-not-yet = Se puede responder desde el { $day }
paper-printed = Impreso por primera vez el { $day } por { $name }.
paper-enter-this = Registrar este formulario
paper-entries = Registrado
paper-entry = { $day }, por { $name }: { $said }
paper-entered-again = Registrado otra vez: { $why }
paper-again = El registro no dice lo mismo que el papel
paper-again-text = Registre otra vez el formulario como lo dice el papel. Será un registro nuevo, que cuenta desde ahora; el anterior se conserva, con el motivo que usted dé.
paper-again-act = Registrarlo otra vez
paper-why = ¿Por qué se registra otra vez?
paper-why-help = Una frase para quien lea después los registros.
paper-say-why = Diga en una frase por qué se registra otra vez.
paper-same = Es lo que ya está registrado, así que no se cambió nada.
paper-scans = Copia escaneada
paper-no-scan = No hay ninguna copia adjunta.
paper-attach = Adjuntar esta copia
paper-receipt = Cómo se dio
paper-receipt-text = Respondido en papel, registrado por { $name }, formulario { $code }
paper-receipt-signed = Firmado el
paper-receipt-scan = Copia escaneada
paper-receipt-form = Abrir el formulario
paper-today = { $number ->
    [one] 1 formulario en papel está fuera: regístrelo cuando vuelva
   *[other] { $number } formularios en papel están fuera: registre los que han vuelto
 }
paper-print-one = Imprimir el formulario en papel
paper-all-back = Todos han vuelto
paper-all-back-text = Ninguno de los formularios impresos aquí está fuera. Los que se impriman de nuevo aparecerán en esta lista.
