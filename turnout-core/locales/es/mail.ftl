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

## R8: el estado tiene la inscripción

online-subject = Su estado ya tiene su inscripción de votante. Esto es lo que sigue.
online-preheader = No hay que imprimir ni enviar nada. Su oficina electoral revisa ahora su inscripción.
online-headline = Enviada a su estado
online-opening = Hemos enviado su inscripción de votante a su estado, y su estado la ha recibido. No tiene que imprimir ni enviar nada.
online-wait = Su inscripción estará hecha cuando su oficina electoral la haya revisado. Puede tardar hasta dos semanas; después llega por correo su tarjeta de votante.
online-check-heading = Vea si todo ha salido bien
online-missing = Si después de dos semanas no ha sabido nada, pregunte a su oficina electoral.
online-offices = Su oficina electoral está en esta lista:
online-why = Recibe este correo porque se envió a un estado una inscripción de votante con esta dirección de correo electrónico. Si no fue usted, avise a su oficina electoral.

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

## S2: una exportación

report-subject-verify = Su exportación de la herramienta de verificación
report-subject-register = Su exportación de la herramienta de registro
report-subject-absentee = Su exportación de la herramienta de voto por correo
report-subject-locator = Su exportación de la herramienta de centros de votación
report-preheader = El archivo que pidió está listo.
report-opening = La exportación que pidió está lista: un archivo con todo lo que su organización ve de esta herramienta.
report-button = Descargar la exportación
report-private = El archivo contiene nombres, direcciones y fechas de nacimiento de votantes. Guárdelo donde solo lo puedan leer las personas que lo necesitan, y bórrelo cuando haya terminado.
report-why = Recibe este correo porque en el sitio de administración se pidió una exportación con esta dirección de correo electrónico.

## S3: una invitación a un equipo

account-sign-off = Un saludo cordial,
invite-subject = Lo han agregado a un equipo suscriptor de VoteAmerica
invite-preheader = Cree su cuenta y empiece.
invite-headline = Bienvenido al equipo
invite-opening = Está invitado a trabajar para { $team } en el sitio de administración. Para empezar, cree una cuenta con esta dirección de correo electrónico.
invite-button = Aceptar la invitación
invite-until = La invitación está abierta hasta el { $date }.
invite-next = Tenga a mano un teléfono o una aplicación de autenticación: para entrar hace falta un segundo factor.
invite-why = Recibe este correo porque un miembro de ese equipo escribió esta dirección de correo electrónico. Si no lo esperaba, no tiene que hacer nada: sin su consentimiento no habrá ninguna cuenta.

## S4: un suscriptor está activo

activated-subject = La cuenta de { $team } en VoteAmerica ya está activa
activated-preheader = Esto es lo que puede hacer desde ahora.
activated-headline = Su cuenta está activa
activated-opening = La cuenta de { $team } ya está lista. Todo lo relacionado con ella está en el sitio de administración.
activated-invited = Recibirá otro correo con una invitación; con ella creará allí su propia cuenta.
activated-button = Ir al sitio de administración
activated-offers-heading = Lo que encontrará allí
activated-tools = Las líneas que llevan a su propia página web las herramientas para inscribirse, votar por correo y más.
activated-voters = Quién ha usado sus herramientas, con búsqueda y exportaciones.
activated-team = Su equipo: invite a todos los que vayan a trabajar con usted.
activated-api = Lo que sus propios programas pueden pedirnos está descrito aquí:
activated-api-link = Descripción de la API
activated-contact = ¿Algo no queda claro? Escriba a { $address }.
activated-why = Recibe este correo porque su organización pidió una cuenta e indicó esta dirección de correo electrónico.

## S5: una contraseña nueva

reset-subject = Restablecer la contraseña
reset-preheader = Elija una contraseña nueva para el sitio de administración.
reset-headline = Elija una contraseña nueva
reset-opening = Alguien, probablemente usted, pidió una contraseña nueva para el sitio de administración.
reset-button = Elegir una contraseña nueva
reset-until = El enlace funciona durante un día, y una sola vez.
reset-name = Su nombre de usuario es { $email }.
reset-why = Recibe este correo porque se pidió una contraseña nueva con esta dirección de correo electrónico. Si no la pidió, no tiene que hacer nada: su contraseña sigue siendo la misma.

## S6: un webhook se desactivó

webhook-off-subject = Se desactivó un webhook de { $team }
webhook-off-preheader = Su programa ya no recibe avisos de lo que hacen sus votantes.
webhook-off-headline = Se desactivó un webhook
webhook-off-opening = Hemos desactivado un webhook de { $team }: ya no se envía nada a { $host }.
webhook-off-gone = Respondió 410, Gone, con lo que un programa dice que no quiere recibir nada más.
webhook-off-failing = Durante cinco días no aceptó nada de lo que enviamos, por más veces que lo intentamos.
webhook-off-kept = Lo que ocurra mientras tanto se guarda durante { $days } días y se envía en su orden cuando alguien de su equipo vuelva a activar el webhook.
webhook-off-kept-ever = Lo que ocurra mientras tanto se guarda y se envía en su orden cuando alguien de su equipo vuelva a activar el webhook.
webhook-off-button = Ver qué ocurrió
webhook-off-why = Recibe este correo porque forma parte del equipo de esta organización en el sitio de administración. Se envía una sola vez cuando se desactiva uno de sus webhooks.


## A1 y A2: imprima y envíe su solicitud de boleta

request-subject = ACCIÓN NECESARIA: imprima y envíe por correo su formulario de solicitud de boleta de voto en ausencia.
request-opening = Hemos completado su formulario de solicitud de boleta de voto en ausencia. Todavía no ha solicitado la boleta: su oficina electoral debe recibir el formulario en papel y firmado por usted.
request-reminder-subject = RECORDATORIO: imprima y envíe por correo su formulario de solicitud de boleta de voto en ausencia.
request-reminder-opening = Ayer completamos su formulario de solicitud de boleta de voto en ausencia y usted todavía no lo ha descargado. Mientras su oficina electoral no lo reciba en papel y firmado por usted, nadie le enviará una boleta.
request-after = Su boleta llegará por correo cuando su oficina electoral haya tramitado el formulario. Puede tardar unas semanas.
request-after-check = Vea entonces dónde está su boleta:
request-after-check-link = Seguir su boleta
request-why = Recibe este correo porque alguien completó un formulario de solicitud de boleta de voto en ausencia con esta dirección de correo electrónico. Si no fue usted, no tiene que hacer nada.

## A5: la solicitud, a la oficina electoral

office-subject = Solicitud de boleta de voto en ausencia de { $first } { $last }
office-preheader = La solicitud va adjunta, completada y firmada por la persona que vota.
office-headline = Solicitud de boleta de voto en ausencia
office-statement = Me llamo { $name }. Completé la solicitud de boleta de voto en ausencia que va adjunta, la firmé y pedí que se les enviara.
office-please = Por favor, trámitenla. Si falta algo, contesten a este correo: la respuesta me llega.
office-service-heading = Acerca de este correo
office-service = Lo envió, por encargo de la persona que vota, un servicio que ayuda a completar y enviar los formularios de cada estado. Para preguntas sobre el servicio, también legales, escriban a { $contact }.
office-instead = Este correo era para { $address } y no se envió a esa dirección.
office-sign-off = Gracias,
office-why = Reciben este correo porque la persona nombrada arriba pidió que esta solicitud se enviara a la oficina electoral.

## A6 a A8: la solicitud va por fax

fax-subject = Estamos enviando su solicitud de boleta de voto en ausencia
fax-preheader = Enviamos su solicitud por fax a su oficina electoral. Puede tardar hasta 12 horas.
fax-headline = Su solicitud está en camino
fax-opening = Estamos enviando por fax su solicitud de boleta de voto en ausencia a su oficina electoral. Puede tardar hasta 12 horas. Le escribiremos otra vez cuando haya llegado.
fax-late = Si pasadas 24 horas no ha sabido nada de nosotros, conteste a este correo o escriba a { $address }.
fax-copy = Aquí tiene una copia de su solicitud, para que la guarde:
fax-copy-link = Descargar su solicitud
fax-office-heading = Su oficina electoral
fax-office-email = Correo electrónico: { $email }
fax-office-phone = Teléfono: { $phone }
fax-office-fax = Fax: { $fax }
fax-again-subject = Re: Estamos enviando su solicitud de boleta de voto en ausencia
faxed-preheader = Su oficina electoral tiene su solicitud.
faxed-headline = Su solicitud se envió por fax
faxed-opening = Su solicitud de boleta de voto en ausencia se envió por fax a su oficina electoral. La boleta le llegará por correo cuando la hayan tramitado.
faxed-ask = Si no llega, pregunte a su oficina electoral qué pasó con su solicitud.
not-faxed-preheader = Su solicitud no llegó a su oficina electoral.
not-faxed-headline = No se pudo enviar su solicitud por fax
not-faxed-opening = Intentamos 20 veces enviar por fax su solicitud de boleta de voto en ausencia a su oficina electoral, al número { $fax }, y no fue posible.
not-faxed-opening-nowhere = Intentamos 20 veces enviar por fax su solicitud de boleta de voto en ausencia a su oficina electoral y no fue posible.
not-faxed-do = Pregunte a su oficina electoral de qué otra manera puede enviarla. Si necesita ayuda, conteste a este correo o escriba a { $address }.
fax-why = Recibe este correo porque se envió una solicitud de boleta de voto en ausencia con esta dirección de correo electrónico. Si no fue usted, conteste a este correo.

## A11: boleta solicitada por internet, ¿y ahora?

ballot-subject = Ya solicitó su boleta de voto en ausencia. Estos son los próximos pasos.
ballot-preheader = Cómo seguir su boleta y cómo devolverla.
ballot-headline = Boleta solicitada. ¿Y ahora?
ballot-opening = Ha solicitado una boleta a su estado. Su oficina electoral todavía tiene que tramitar la solicitud; esto es lo que viene después.
ballot-track-heading = Siga su boleta
ballot-track = Su estado muestra dónde está su boleta:
ballot-id-heading = Qué tiene que presentar
ballot-id = Las reglas de su estado sobre la identificación al votar por correo (en inglés):
ballot-return-heading = Devuélvala pronto
ballot-return = Complete la boleta en cuanto la tenga, firme donde se indique y devuélvala enseguida. El correo tarda días, y una boleta que llega demasiado tarde no cuenta.
ballot-drop-box = Su estado también tiene buzones para boletas: allí no hacen falta ni estampilla ni correo. Su oficina electoral sabe dónde están.
ballot-place-heading = Si la boleta no llega
ballot-place = Quizá todavía pueda votar en persona. Averigüe dónde:
ballot-why = Recibe este correo porque alguien con esta dirección de correo electrónico fue a la herramienta de un estado para solicitar una boleta. Si no fue usted, no tiene que hacer nada.

## R3 y R4, A3 y A4: ¿le enviamos su formulario?

confirm-subject = ACCIÓN NECESARIA: confirme que le enviemos su formulario de inscripción por correo postal.
confirm-preheader = Díganos que la dirección es correcta y le enviamos el formulario en papel.
confirm-headline = ¿Le enviamos su formulario?
confirm-opening = Hemos completado su formulario de inscripción de votante y podemos enviárselo en papel. Todavía no tiene la inscripción hecha: su oficina electoral debe recibir el formulario firmado por usted.
confirm-reminder-subject = RECORDATORIO: confirme que le enviemos su formulario de inscripción por correo postal.
confirm-reminder-preheader = Su formulario espera su confirmación; entonces se lo enviamos.
confirm-reminder-headline = Todavía no hemos enviado su formulario
confirm-reminder-opening = Ayer completamos su formulario de inscripción de votante y le preguntamos si debíamos enviárselo en papel. No lo hemos enviado, porque usted todavía no lo ha confirmado. Mientras su oficina electoral no lo reciba firmado por usted, su inscripción no estará hecha.
confirm-address-heading = La dirección a la que lo enviamos
confirm-button = Sí, envíenmelo
confirm-correct = ¿Hay algún error en la dirección? Corríjala antes de confirmar:
confirm-correct-link = Corregir la dirección
confirm-letter-heading = Qué habrá en la carta
confirm-letter-days = Tarda de 6 a 10 días en llegar.
confirm-letter-both = Encontrará su formulario completado, el mismo formulario en blanco, por si algo ha cambiado, y un sobre para enviarlo.
confirm-letter-filled = Encontrará su formulario completado y un sobre para enviarlo.
confirm-print-heading = ¿Prefiere imprimirlo usted?
confirm-print = Así es más rápido. Descargue el formulario, imprímalo, fírmelo y envíelo:
request-confirm-subject = ACCIÓN NECESARIA: confirme que le enviemos su formulario de solicitud de boleta de voto en ausencia por correo postal.
request-confirm-opening = Hemos completado su formulario de solicitud de boleta de voto en ausencia y podemos enviárselo en papel. Todavía no ha solicitado la boleta: su oficina electoral debe recibir el formulario firmado por usted.
request-confirm-reminder-subject = RECORDATORIO: confirme que le enviemos su formulario de solicitud de boleta de voto en ausencia por correo postal.
request-confirm-reminder-opening = Ayer completamos su formulario de solicitud de boleta de voto en ausencia y le preguntamos si debíamos enviárselo en papel. No lo hemos enviado, porque usted todavía no lo ha confirmado. Mientras su oficina electoral no lo reciba firmado por usted, nadie le enviará una boleta.

## R5 y A9: la carta está por llegar

mailed-subject = ¡Su formulario de inscripción de votante llegará pronto!
mailed-preheader = Mire su buzón: hay que firmar el formulario y enviarlo.
mailed-headline = Su formulario está por llegar
mailed-opening = La carta con su formulario de inscripción de votante está en su oficina de correos y debería llegar a su buzón en un día o dos. Se envió a:
mailed-step-check = Lea el formulario completado.
mailed-step-blank = Si hay algún error, complete el que está en blanco.
mailed-step-sign = Fírmelo y póngale la fecha a mano, con bolígrafo.
mailed-step-envelope = Separe el talón con la dirección, métalo con el formulario en el sobre de modo que la dirección se vea por la ventanilla, póngale una estampilla y envíelo.
request-mailed-subject = ¡Su formulario de solicitud de boleta de voto en ausencia llegará pronto!
request-mailed-opening = La carta con su formulario de solicitud de boleta de voto en ausencia está en su oficina de correos y debería llegar a su buzón en un día o dos. Se envió a:

## R6 y A10: la carta volvió

returned-subject = AVISO: ¡No se pudo entregar su formulario de inscripción de votante!
returned-preheader = La carta con su formulario nos fue devuelta.
returned-headline = Su formulario no le llegó
returned-opening = La oficina de correos no pudo entregar la carta con su formulario de inscripción de votante, y su inscripción no está hecha. Se envió a:
returned-again = Compruebe la dirección y empiece de nuevo. También puede descargar el formulario e imprimirlo usted.
returned-again-button = Empezar de nuevo
returned-again-nowhere = Compruebe la dirección y empiece de nuevo donde completó el formulario. También puede imprimirlo usted.
request-returned-subject = AVISO: ¡No se pudo entregar su formulario de solicitud de boleta de voto en ausencia!
request-returned-opening = La oficina de correos no pudo entregar la carta con su formulario de solicitud de boleta de voto en ausencia, y todavía no ha solicitado la boleta. Se envió a:

## R9 y A12: dos semanas después

chase-subject = Compruebe su inscripción de votante
chase-preheader = Hace dos semanas llegó su formulario. Vea si su inscripción está hecha.
chase-headline = ¿Está hecha su inscripción?
chase-opening = Hace dos semanas debió de llegar su formulario de inscripción de votante. Si lo firmó y lo envió, puede que su oficina electoral ya lo haya tramitado; si no, hágalo hoy.
chase-office-heading = Su oficina electoral
chase-office = Su oficina electoral sabe qué pasó con su formulario.
request-chase-subject = Compruebe qué pasó con su solicitud de boleta de voto en ausencia
request-chase-preheader = Hace dos semanas llegó su formulario. Vea dónde está su boleta.
request-chase-headline = ¿Está en camino su boleta?
request-chase-opening = Hace dos semanas debió de llegar su formulario de solicitud de boleta de voto en ausencia. Si lo firmó y lo envió, puede que su oficina electoral ya lo haya tramitado; si no, hágalo hoy.

## M1 a M3: formularios en blanco para quien se mudó

mover-mailed-subject = Sus formularios de inscripción de votante deberían llegar hoy
mover-mailed-preheader = Dos formularios en blanco van de camino a su nuevo hogar: uno para usted y otro de reserva.
mover-mailed-headline = Mire en su buzón
mover-mailed-opening = Usted se mudó, y para votar desde su nuevo hogar debe tener allí su inscripción. Por eso le enviamos una carta con dos formularios en blanco de inscripción de votante: uno para usted y otro para alguien con quien viva o para empezar de nuevo. Debería estar en su buzón hoy o en los próximos días.
mover-reminder-subject = No olvide enviar por correo su formulario de inscripción de votante
mover-reminder-preheader = Los formularios en blanco que le enviamos ya deberían haber llegado.
mover-reminder-headline = ¿Ya envió su formulario?
mover-reminder-opening = La carta con dos formularios en blanco de inscripción de votante ya debería haber llegado a su nuevo hogar. Si completó uno y lo envió por correo, no le queda nada por hacer. Si no, le tomará unos minutos.
mover-step-fill = Complete uno de los formularios con bolígrafo. La carta dice qué pide su estado en las casillas 6, 7 y 8.
mover-step-sign = Fírmelo y póngale la fecha.
mover-step-proof = Añada una copia de un documento con su nombre y su nueva dirección, como una factura de servicios, un extracto bancario o un contrato de alquiler. Su estado no acepta el formulario sin ella.
mover-deadline-online = Su estado dice sobre la inscripción por internet: { $text }
mover-deadline-person = Su estado dice sobre la inscripción en persona: { $text }
mover-same-day-heading = Si se le hace tarde
mover-same-day-both = En su estado puede inscribirse y votar el mismo día, en un centro de votación anticipada y el día de las elecciones.
mover-same-day-early = En su estado puede inscribirse y votar el mismo día mientras haya votación anticipada.
mover-same-day-election = En su estado puede inscribirse en su lugar de votación el día de las elecciones y votar allí.
mover-offices = Su oficina electoral responde preguntas:
mover-chase-subject = Es hora de comprobar su inscripción de votante
mover-chase-preheader = Hace cuatro semanas le enviamos formularios en blanco. Vea si su inscripción está hecha.
mover-chase-headline = ¿Está hecha la inscripción en su nuevo hogar?
mover-chase-opening = Hace cuatro semanas enviamos dos formularios en blanco de inscripción de votante a su nuevo hogar. Si envió uno, su oficina electoral ya debería haberlo tramitado. Si no, puede que aún esté a tiempo.
mover-why = Recibe esto porque le dijo a una organización con la que trabajamos que se mudó, y le enviamos por correo formularios de inscripción de votante.
