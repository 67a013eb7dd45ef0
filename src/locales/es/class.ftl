## Class mode, as the teacher has it
class-title = Modo clase
class-lead = Para niños que todavía no leen: usted lee una norma en voz alta y cada niño responde con su dibujo en un solo dispositivo, con usted al lado.
class-nothing = Hoy no se pide nada a ninguna de sus clases
class-nothing-text = Una clase aparece aquí cuando se pide a sus niños que respondan ellos mismos a una norma. En su distrito los niños pueden responder en clase hasta: { $grade }.
class-choose-class = Elija una clase
class-leader = Usted ve todas las clases de su escuela, para que pueda sustituir a un docente.
class-stand-in = Sustituir a un docente: leer una norma con una clase
class-read-with = Léalo con su clase
class-read-it = Leer con esta clase
class-see = Ver las respuestas
class-open = { $number ->
    [0] Ya respondieron todos
    [one] Falta 1 niño por responder
   *[other] Faltan { $number } niños por responder
 }
class-count = Han respondido { $number } de { $all }
class-who = Quién ha respondido
class-child = Niño o niña
class-answer = Respuesta
class-day = Día
class-said-yes = Dijo que sí
class-said-no = Dijo que no
class-not-yet = Todavía no
class-talk = { $number ->
    [one] { $names } dijo que no. Es una respuesta de verdad: busque un momento tranquilo para conversar. Puede responder otra vez cuando quiera.
   *[other] { $names } dijeron que no. Es una respuesta de verdad: busque un momento tranquilo para conversar con cada uno. Pueden responder otra vez cuando quieran.
 }
class-print = Imprimir esta lista (PDF)
class-hand-over = Entregue el dispositivo a su clase
class-step-read = Leen juntos el texto, una parte por página. El dispositivo puede leerlo en voz alta.
class-step-answer = Cada niño busca su dibujo y responde. Usted se queda con ellos. Quien no está responde otro día.
class-step-back = Usted recupera el dispositivo con su contraseña.
class-hand-again = Entregar el dispositivo otra vez
class-language = Lo leen en
class-begin = Empezar a leer
class-begin-answers = Ya lo escucharon: ir a las respuestas
class-limit = Mientras la clase tiene el dispositivo, este no abre nada más que estas páginas, por 2 horas como máximo; la sesión de usted en él se cierra. Si este navegador recuerda su contraseña, un niño podría volver a las páginas de usted: use un dispositivo que no la recuerde.
class-grades-title = Quién puede responder en clase
class-grades-text = En el modo clase un docente lee una norma en voz alta, y los niños que todavía no leen responden en un dispositivo con el docente al lado. Los mayores entran con su cuenta y leen por sí mismos.
class-grades-through = Hasta este grado inclusive
class-grades-none = Nadie
class-grades-keep = Guardar
class-grades-kept = Está guardado y vale desde ahora.
receipt-how = Cómo
receipt-witnessed = Respondió en clase, en presencia de { $name }

## As the children have it
class-teacher = Soy el docente
class-back = Volver a la clase
class-listen = Escuchar
class-stop = Parar
class-part = Parte { $number } de { $last }
class-before = Atrás
class-next = Siguiente
class-promise = Lo que te vamos a preguntar
class-to-answers = Ahora respondes tú
class-find = Busca tu dibujo
class-find-text = Tócalo para responder.
class-answered = respondió
class-all = Ya respondieron todos. Dale esto a tu docente.
class-read-again = Leerlo juntos otra vez
class-hello = Hola, { $name }
class-ask = ¿Escuchaste las reglas? ¿Las vas a cumplir?
class-yes = Sí
class-yes-text = Las escuché. Voy a hacer lo mejor que pueda.
class-no = No
class-no-text = Quiero hablar con mi docente.
class-not-me = No soy { $name }
class-you-say-yes = { $name }, dices que sí.
class-you-say-no = { $name }, dices que no.
class-right = Así es
class-wrong = Volver
class-choose = Elige sí o no.
class-thanks = Gracias. ¿Quién sigue?
class-has-answered = Ya respondiste. ¡Gracias!
class-again-text = ¿Fue un error? Responde otra vez con tu docente.
class-again = Responder otra vez
class-teacher-text = { $name }, con su contraseña vuelve a sus propias páginas.
class-teacher-wrong = Esta no es su contraseña. Las mayúsculas cuentan.
class-take-back = Recuperar el dispositivo
class-end-text = O termine el modo clase sin ella: entonces nadie queda con la sesión abierta en este dispositivo. Todas las respuestas se conservan.
class-end = Cerrar la sesión en este dispositivo

## What the pictures show
picture-sun = Sol
picture-moon = Luna
picture-heart = Corazón
picture-house = Casa
picture-tree = Árbol
picture-fish = Pez
picture-boat = Barco
picture-car = Carro
picture-balloon = Globo
picture-apple = Manzana
picture-flower = Flor
picture-cloud = Nube
picture-umbrella = Paraguas
picture-key = Llave
picture-bell = Campana
picture-cup = Taza
picture-hat = Sombrero
picture-leaf = Hoja
picture-mushroom = Hongo
picture-drum = Tambor
picture-kite = Cometa
picture-ball = Pelota
picture-rocket = Cohete
picture-train = Tren
picture-pear = Pera
picture-bird = Pájaro
picture-cat = Gato
picture-dog = Perro
picture-bear = Oso
picture-rabbit = Conejo
picture-frog = Rana
picture-owl = Búho
picture-turtle = Tortuga
picture-snail = Caracol
picture-butterfly = Mariposa
picture-ladybug = Mariquita
picture-carrot = Zanahoria
picture-ice-cream = Helado
picture-clock = Reloj
picture-whale = Ballena
