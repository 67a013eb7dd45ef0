receipt-log = En el registro de respuestas
receipt-sealed = Sellada
receipt-unsealed = Todavía sin sellar
receipt-place = Esta respuesta es la número { $number } del registro del distrito. Si alguien la cambiara o la quitara, se notaría.
receipt-place-soon = Esta respuesta es la número { $number } del registro del distrito. Se sellará en unos segundos: vuelva a cargar esta página.
receipt-not-sealed = Esta respuesta se sellará en unos segundos. Vuelva a intentarlo entonces.
receipt-json = Comprobante para un programa que lo comprueba
receipt-text-json = El texto exacto como archivo
receipt-how-checked = Cómo se comprueba un comprobante
receipt-index = Índice en el registro, desde 0
receipt-checkpoint = Respuestas que abarca el punto de control firmado
receipt-root = Raíz de todas ellas
log-title = El registro de respuestas
log-lead = Cada respuesta que se da aquí entra en un registro, una tras otra. Quien lo comprueba ve si después se cambió, se quitó o se introdujo una respuesta, aunque lo haya hecho alguien que maneja este sistema.
log-names-nobody = El registro no contiene nombres ni respuestas. De cada respuesta contiene un solo número (un hash), que se calcula a partir de cada letra de lo que se guardó. Por eso puede leerlo cualquiera.
log-size = { $count ->
    [one] El registro contiene 1 respuesta sellada.
   *[other] El registro contiene { $number } respuestas selladas.
 }
log-empty = Todavía no hay nada sellado: nadie ha respondido.
log-check = Cómo comprobar su comprobante
log-check-file = Abra su comprobante y guarde el «Comprobante para un programa que lo comprueba». El comprobante en PDF lleva dentro el mismo archivo.
log-check-program = Obtenga el pequeño programa que lo comprueba. Necesita Python y ninguna red, y no envía nada a nadie.
log-check-run = Ejecútelo:
log-check-says = Dice si su respuesta está ahí exactamente como usted la dio y si la firmó la clave del distrito. Si se cambió una sola letra, dice qué es lo que no coincide.
log-check-trust = Para no depender de nadie de aquí, tome el programa del código fuente de Assent, y la clave de otro lugar que no sea esta página, como las actas de la junta.
log-key = La clave del distrito
log-key-text = Con esta clave pública cualquiera puede comprobar lo que se firmó.
log-auditors = Para auditores y testigos
log-auditors-text = Guarde de vez en cuando una copia del punto de control, fuera de este sistema. Si el registro ya no empieza con ella, algo se cambió. El registro sigue RFC 9162, en los archivos de C2SP tlog-tiles; un punto de control es un C2SP tlog-checkpoint, firmado con Ed25519.
log-file-checkpoint = El punto de control firmado más reciente
log-file-keys = Claves públicas, la más reciente primero
log-file-tiles = Mosaicos y entradas
log-file-since = Prueba de que el registro sigue empezando como con esa cantidad de respuestas
