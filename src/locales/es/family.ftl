## Mis respuestas
nav-answers = Mis respuestas
family-title = Mis respuestas
family-lead = Lo que usted respondió, por sí y por sus hijos, y lo que vale ahora. Puede retirar un sí cuando quiera.
family-none = Todavía no ha respondido a nada. Lo que responda quedará aquí, con su comprobante.
family-sections = Por quién
family-oneself = Por usted
family-facts = Versión { $number }, su respuesta del { $day }
family-facts-version = Versión { $number }
family-take-back = Retirar este sí
family-give = Decir que sí
family-receipt = El comprobante
family-text = El texto tal como era
family-change = Cambiar sus respuestas
family-earlier = Sus respuestas anteriores
family-you = Usted
family-by-yes = { $name }: sí, { $day }
family-by-no = { $name }: no, { $day }
family-by-taken-back = { $name } lo retiró, { $day }
family-not-enough = Todavía no: todos los tutores tienen que decir que sí
family-own-of-child = { $name } respondió a esto sin usted. Su consentimiento se pide aparte.
family-note-18 = { $name } ya tiene 18 años y responde por su cuenta. Lo que usted respondió se conserva aquí.
family-note-not-heard = Lo que usted respondió se conserva aquí. La escuela ha fijado quién responde ahora; si tiene dudas, pregunte en la oficina.
family-note-own-18 = Usted ya tiene 18 años: ahora decide usted. Lo que se respondió por usted vale hasta que diga otra cosa. Donde el formulario dice «su hija o hijo», se refiere a usted.

## Retirar
turn-title = Retirar un sí
turn-give-title = Decir que sí
turn-back = Volver a sus respuestas
turn-before = Hasta ahora
turn-then = Desde ahora
turn-after = Qué pasa entonces
turn-principal = Es la pregunta principal del formulario. Alguien de la escuela hablará con usted sobre los pasos siguientes.
turn-others-stay = Sus otras respuestas de este formulario siguen igual.
turn-reason = ¿Por qué? (No tiene que decirlo.)
turn-take-back = Retirarlo
turn-give = Decir que sí desde ahora
turn-leave = Dejarlo como está
turn-again = Puede volver a cambiarlo cuando quiera. Cada respuesta se conserva con su fecha.
turn-taken-back = Quedó retirado y su escuela está avisada. Este es su comprobante.
turn-given = Su sí quedó guardado. Este es su comprobante.

## Lo mismo por varios hijos
same-title = Las mismas respuestas por sus otros hijos
same-lead = Esto es lo que usted respondió por { $name }. Mírelo otra vez por cada hijo y elija por quién vale.
same-for = Dar estas respuestas por { $name }
same-choose = Elija al menos a un hijo: no hay nadie elegido por usted.
same-send = Firmar y dar estas respuestas
same-each = Responder por cada hijo aparte
same-record = Cada hijo tiene su propio registro y comprobante. Puede cambiar o retirar las respuestas de uno sin tocar las del otro.
same-kept = Sus respuestas por { $names } quedaron guardadas. Cada una tiene su propio comprobante.

## En comprobantes y tareas
receipt-withdrawn = Retirado
receipt-answered-back = Respondió: { $yes } sí, { $no } no ({ $back } de ellos, un sí retirado)
receipt-choice-back = retirado
receipt-take-back = Retirar este sí
receipt-same = Dar las mismas respuestas por { $names }
receipt-my-answers = Todas mis respuestas
receipt-only = Esto se refiere a una sola pregunta; las demás respuestas siguen igual.
tasks-answers = Ver, cambiar o retirar lo que respondió
tasks-taken-back = Usted lo retiró el { $day }
duty-taken-back = El sí fue retirado

## De qué se entera la escuela
told-title = Dijeron que no o retiraron algo
told-lead = Decir que no es una respuesta. Alguien de la escuela se ocupa de escuchar a la familia y de que el estudiante haga otra cosa en su lugar.
told-show-all = Mostrar todas, también las atendidas
told-show-waiting = Mostrar las pendientes
told-csv = Todas en CSV
told-none = Nadie ha dicho que no ni ha retirado nada.
told-none-waits = No hay nada pendiente: alguien ha atendido cada no.
told-number = { $number ->
    [one] 1 respuesta
   *[other] { $number } respuestas
 }
told-waiting = { $number ->
    [one] 1 respuesta espera a que alguien la atienda
   *[other] { $number } respuestas esperan a que alguien las atienda
 }
told-no = Dijo que no
told-taken-back = Lo retiró
told-answered-since = Esta persona ha vuelto a responder desde entonces.
told-seen = Visto por { $name } el { $day }
told-receipt = La respuesta
told-person = La página de la persona
told-note = Qué se hizo
told-note-wrong = Diga en 500 caracteres como máximo qué se hizo: quién habló con quién y qué hace el estudiante en su lugar.
told-mark = Atendido
told-done = Quedó anotado y ya no está pendiente.
told-when = Cuándo
told-who = Quién
told-school = Escuela
told-document = Documento
told-question = Pregunta
told-what = Qué se dijo
told-after = Qué sigue
told-reason = Motivo que dio
told-since = Desde entonces
told-seen-head = Visto
told-note-head = Qué se hizo
told-classes = { $number ->
    [one] De sus estudiantes, 1 respuesta dice que no a algo o lo retira
   *[other] De sus estudiantes, { $number } respuestas dicen que no a algo o lo retiran
 }
today-told = { $number ->
    [one] 1 respuesta dice que no o retira algo: atiéndala
   *[other] { $number } respuestas dicen que no o retiran algo: atiéndalas
 }
told-kinds = A qué se dijo que no o qué se retiró
told-all-kinds = Mostrar todo
told-same-for-all = { $number ->
    [one] Anotar lo mismo en la única de esta página
   *[other] Anotar lo mismo en las { $number } de esta página
 }
told-same-text = Todas dicen lo mismo. Mire antes si abajo hay motivos: lo que se escriba aquí quedará junto a cada una.
told-mark-all = { $number ->
    [one] Atendida: 1 respuesta
   *[other] Atendidas: { $number } respuestas
 }
told-all-done = { $number ->
    [0] Alguien ya las había atendido todas.
    [one] Quedó anotado en 1 respuesta, que ya no está pendiente.
   *[other] Quedó anotado en { $number } respuestas, que ya no están pendientes.
 }
