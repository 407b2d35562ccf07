# Lo que decimos por correo, en español (usted). Cada clave existe en todos los idiomas.

## En todos los correos

greeting = Hola, { $name }:
greeting-nobody = Hola:
date = { $day } de { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
    } de { $year }
sign-off = Gracias por votar,
donate-sentence = Ayudar a la gente a votar no le cuesta nada a quien vota; lo pagan personas como usted.
donate-button = Hacer una donación
link-in-words = Si el botón no funciona, copie esta dirección en su navegador:

## R1 y R2: imprima y envíe su formulario

form-subject = ACCIÓN NECESARIA: imprima y envíe por correo su formulario de inscripción de votante.
form-preheader = Su formulario está completado. Faltan cuatro pasos para que llegue a su oficina electoral.
form-headline = Su formulario está listo para imprimir
form-opening = Hemos completado su formulario de inscripción de votante. Todavía no tiene la inscripción hecha: su oficina electoral debe recibir el formulario en papel y firmado por usted.
reminder-subject = RECORDATORIO: imprima y envíe por correo su formulario de inscripción de votante.
reminder-preheader = Todavía no ha descargado su formulario. Terminar le tomará unos minutos.
reminder-headline = Su formulario le sigue esperando
reminder-opening = Ayer completamos su formulario de inscripción de votante y usted todavía no lo ha descargado. Mientras su oficina electoral no lo reciba en papel y firmado por usted, su inscripción no estará hecha.
form-button = Descargar el formulario
form-until = El enlace funciona hasta el { $date }. Después, el mismo enlace le ofrecerá uno nuevo.
form-steps-heading = Qué tiene que hacer
form-step-download = Descargue el formulario desde el enlace de arriba.
form-step-print = Imprima todas las páginas, por una sola cara.
form-step-sign = Lea el formulario; después fírmelo y póngale la fecha a mano, con bolígrafo.
form-step-mail = Dóblelo, métalo en un sobre con una estampilla y envíelo a la dirección que aparece más abajo.
form-step-mail-unknown = Dóblelo, métalo en un sobre con una estampilla y envíelo a su oficina electoral local.
form-address-heading = Adónde enviarlo
form-offices = ¿Tiene dudas de que sea su oficina? Búsquela aquí:
form-offices-unknown = No tenemos la dirección de su oficina electoral. Búsquela aquí:
form-offices-link = Buscar su oficina electoral
form-deadline-heading = Hasta cuándo
form-deadline-postmarked = { $days ->
    [one] El sobre debe llevar un matasellos de al menos un día antes del día de las elecciones.
   *[other] El sobre debe llevar un matasellos de al menos { $days } días antes del día de las elecciones.
    }
form-deadline-received = { $days ->
    [one] El formulario debe llegar a la oficina electoral al menos un día antes del día de las elecciones.
   *[other] El formulario debe llegar a la oficina electoral al menos { $days } días antes del día de las elecciones.
    }
form-deadline-other = Su estado dice (en inglés) sobre los formularios enviados por correo: { $text }
form-deadline-unknown = No conocemos el plazo de su estado para los formularios enviados por correo; envíe el suyo cuanto antes.
form-deadline-early = No espere al último día: el matasellos puede ser posterior al día en que usted deposita la carta.
form-warnings-heading = Lo que su estado quiere que sepa (en inglés)
form-hints-heading = ¿Sin impresora o sin estampillas?
form-hint-print = En la mayoría de las bibliotecas públicas se imprime gratis o por poco dinero; también en los centros de copiado y quizá en casa de alguien que conozca o en su trabajo.
form-hint-stamp = Basta una estampilla «Forever» para un sobre corriente con hasta cuatro hojas. Se venden en las oficinas de correos y en muchos supermercados y farmacias.
form-after-heading = Después de enviarlo
form-after = Su inscripción estará hecha cuando su oficina electoral haya tramitado el formulario. Puede tardar unas semanas.
form-after-check = Compruebe entonces si todo ha salido bien:
form-after-check-link = Comprobar su inscripción
form-why = Recibe este correo porque alguien completó un formulario de inscripción de votante con esta dirección de correo electrónico. Si no fue usted, no tiene que hacer nada.

## R7: inscripción por internet, ¿y ahora?

next-subject = Ya se inscribió para votar. Estos son los próximos pasos.
next-preheader = Cómo votar por correo, cuándo es la votación anticipada y dónde vota usted.
next-headline = Inscripción enviada. ¿Y ahora?
next-opening = Ha enviado su inscripción a su estado. Su oficina electoral todavía tiene que tramitarla; así podrá votar después.
next-mail-heading = Votar por correo
next-mail = Quizá pueda votar desde su casa. Vea si puede y solicite su boleta:
next-mail-button = Votar por correo
next-mail-rules = Las reglas de su estado (en inglés):
next-early-heading = Votar antes
next-early-both = Comienzo de la votación anticipada en persona: { $starts }. Fin: { $ends }.
next-early-starts = Comienzo de la votación anticipada en persona: { $starts }.
next-early-ends = Fin de la votación anticipada en persona: { $ends }.
next-place-heading = Votar el día de las elecciones
next-place = Averigüe dónde vota antes de salir de casa: los centros de votación cambian.
next-place-link = Buscar su centro de votación
next-why = Recibe este correo porque alguien con esta dirección de correo electrónico fue a la inscripción de votantes por internet de un estado. Si no fue usted, no tiene que hacer nada.

## V1: checked at the state, and now?

verified-subject = Ya consultó su inscripción como votante. Esto es lo que sigue.
verified-preheader = Cómo inscribirse si no lo está, y cómo votar por correo si ya lo está.
verified-headline = Consulta hecha. ¿Y ahora?
verified-opening = Usted consultó su inscripción en la página de su estado. Sea cual sea el resultado, así puede continuar.
verified-register-heading = ¿No está inscrito, o no en su dirección actual?
verified-register = Inscríbase o actualice su inscripción. Solo toma unos minutos:
verified-register-link = Inscribirse para votar
verified-why = Recibe este correo porque alguien con esta dirección de correo fue a la página de un estado para consultar inscripciones. Si no fue usted, no tiene que hacer nada.

## S1: un enlace nuevo

link-subject = Su nuevo enlace de descarga
link-preheader = Aquí está el nuevo enlace a su documento.
link-headline = Su nuevo enlace de descarga
link-opening = Pidió un enlace nuevo a su documento. Aquí está.
link-button = Descargar el documento
link-until = Funciona hasta el { $date }. Después, el mismo enlace le ofrecerá uno nuevo.
link-why = Recibe este correo porque alguien pidió un enlace nuevo a un documento hecho para esta dirección de correo electrónico. Solo lo recibe usted; si no lo pidió, no tiene que hacer nada.
