roster-state = Estado
roster-state-waiting = En espera
roster-state-running = En marcha
roster-state-applied = Incorporada
roster-state-held = Detenida
roster-state-refused = Rechazada
roster-state-failed = Interrumpida
roster-state-dropped = Descartada
roster-state-looked = Solo revisada
roster-by = por { $name }
roster-released-by = autorizada por { $name }
roster-handed-in = El archivo está aquí. Esta página dice hasta dónde ha llegado.
roster-waits = Espera su turno. Las importaciones van una tras otra.
roster-begins = Empieza: se preparan los archivos.
roster-reads = Se lee { $file }: { $rows } filas hasta ahora.
roster-leave-page = Puede salir de esta página. La página del registro muestra esta importación y lo que resultó de ella.
roster-to-decide = Para que usted decida
roster-hold-leaving = { $kind }: se irían { $number } de { $of }.
roster-hold-school = { $school }: se irían { $number } de { $of } personas.
roster-hold-changing = { $kind }: cambiarían { $number } de { $of }.
roster-held-title = Esta importación está detenida, y nada de ella entró
roster-held-text = Así se ve una exportación que se cortó a la mitad, y también el cambio de periodo. Mire la lista. Autorícela si es lo que se quiere: quien falta deja el registro y su historia se conserva. Si no, descártela y exporte otra vez.
roster-outdated = Desde entonces se incorporó otro archivo. Autorizar este traería de vuelta lo que decía antes.
roster-release = Autorizarla: es lo que se quiere
roster-released = Está autorizada y se pone en marcha.
roster-let-go = Descartarla
roster-let-go-done = Está descartada, y sus archivos se borraron.
roster-dropped-text = Alguien descartó esta importación. Nada de ella entró, y sus archivos se borraron.
roster-refused-title = No se puede confiar en este archivo, y nada de él entró
roster-refused-text = Corrija la exportación y elija otra vez su archivo en la página del registro.
roster-failed-title = Esta importación se interrumpió, y nada de ella entró
roster-try-again = Intentarlo otra vez
roster-would-be-held = Si la trae, quedará detenida para que usted decida:
roster-files-gone = Sus archivos ya no se guardan, porque otro llegó después. Elíjalos otra vez en la página del registro.
roster-leavers = Quién y qué se iría
roster-leavers-gone = Quién y qué se fue con ella
roster-leavers-text = Se muestran { $number } de { $of }.
roster-leavers-file = La lista como archivo (CSV)
roster-by-school = La diferencia, por escuela
roster-no-difference = Nada es distinto de antes.
roster-more-rows = Otras { $number } filas están en el archivo.
roster-counts-file = Estas cifras como archivo (CSV)
roster-findings-number = { $errors ->
    [one] 1 fila omitida
   *[other] { $errors } filas omitidas
 }, { $warnings ->
    [one] 1 aviso
   *[other] { $warnings } avisos
 }.
roster-findings-file = Lo que hay que corregir, como archivo (CSV)
roster-hold-help = Si se fuera más de una décima parte de un tipo o cambiaran tres cuartas partes, la importación se detiene y usted ve la lista antes de decidir.
roster-unchanged = Sin cambios
roster-severity = Clase
roster-severity-error = omitido
roster-severity-warning = aviso
roster-row-number = Fila
roster-source-id = sourcedId
roster-field = Campo
roster-value = Valor
