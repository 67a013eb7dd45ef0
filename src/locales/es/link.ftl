## Un enlace en un correo, y adónde lleva
link-hello = Hola, { $name }
link-lead = { $district } necesita su respuesta. Este enlace es solo para usted: abre lo que se le pide, y nada más.
link-once = Sirve una sola vez. Después tiene una hora, y lo que responda queda guardado.
link-continue = Ir a mis tareas
link-not-you = ¿No es usted { $name }? Entonces cierre esta página, por favor: el correo era para otra persona.
link-already = Ya entró: no necesita este enlace.
link-ended = Este enlace ya no sirve
link-ended-text = El enlace de un correo sirve una sola vez, y durante una hora desde que se envió. No se pierde nada de lo que respondió.
link-ended-new = Podemos enviar un enlace nuevo al correo electrónico que su escuela tiene de usted.
link-ended-again = Enviarme un enlace nuevo
link-ended-in = Aquí entró como { $name }.
link-ended-sign-in = Entrar con mi contraseña
link-ended-office = ¿Ya no es su correo, o no le llega nada? La oficina de su escuela le ayuda, y también tiene todo en papel.
link-sent = Revise su correo
link-sent-text = Si pidió un enlace nuevo, le llegará en unos minutos al correo electrónico que su escuela tiene de usted. Sirve una sola vez, durante una hora.
link-sent-once = Enviamos como máximo uno por hora. Busque también en el correo no deseado.
receipt-by-link = Entró con un enlace enviado al correo que tiene la escuela
