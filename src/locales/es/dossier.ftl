dossier-title = Evidencias de CIPA para el año de financiación { $year }
dossier-span = Del { $from } al { $to }
dossier-lead = Lo que un auditor de este año probablemente pedirá, punto por punto, con lo que consta. Es una lista de evidencias, no un dictamen sobre la ley.
dossier-kept = Los registros de este año se conservan al menos hasta el { $day }: 10 años después de su último día. Hasta entonces no se puede borrar nada.
dossier-pdf = Descargar en PDF
dossier-zip = Descargarlo todo en un zip
dossier-missing = { $number ->
    [0] En cada punto hay algo archivado.
    [one] En 1 punto no hay nada archivado.
   *[other] En { $number } puntos no hay nada archivado.
 }
dossier-years = Años de financiación
dossier-source = Figura en: { $source }
dossier-nothing = No hay evidencia archivada
dossier-elements = Elementos y cláusulas de la versión { $number }
dossier-add = Entregar un archivo para
dossier-link = Evidencias de CIPA por año de financiación
evidence-attach = Adjuntar un archivo como prueba
evidence-file = El archivo
evidence-file-help = PDF, PNG, JPEG o Word, de 10 MB como máximo. Se guarda con su huella, y lo ven los autores, la junta y los auditores.
evidence-note = Qué es
evidence-save = Guardar el archivo
evidence-kept = El archivo está guardado.
evidence-there = Este archivo ya está aquí.
evidence-until = se conserva hasta: { $day }
evidence-remove = Eliminar este archivo
evidence-let-go = El archivo ya no está; su nombre y su huella quedan.
evidence-empty = Elija un archivo que no esté vacío.
evidence-large = Este archivo pesa más de 10 MB: escanéelo en blanco y negro o entréguelo en partes.
evidence-other = No es un archivo PDF, PNG, JPEG ni Word, diga lo que diga su nombre: guárdelo en uno de esos formatos.
evidence-broken = Este archivo se corta antes del final: guárdelo de nuevo.
evidence-none = No hay ningún archivo adjunto.
