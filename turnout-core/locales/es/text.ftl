# Lo que decimos por mensaje de texto, en español. Cada clave está en todos los idiomas (una prueba lo comprueba).
# Un mensaje es breve y sin adornos. HELP, STOP y JOIN son las palabras que las operadoras entienden.

## El primer mensaje a un número

text-welcome-register = { $sender }: Gracias por usar nuestra herramienta para registrarse para votar. Le enviamos de 2 a 4 mensajes al mes. Pueden aplicarse tarifas de mensajes y datos. Responda HELP para recibir ayuda, STOP para darse de baja.
text-welcome-absentee = { $sender }: Gracias por usar nuestra herramienta para pedir su boleta. Le enviamos de 2 a 4 mensajes al mes. Pueden aplicarse tarifas de mensajes y datos. Responda HELP para recibir ayuda, STOP para darse de baja.
text-welcome-verify = { $sender }: Gracias por comprobar su registro de votante con nosotros. Le enviamos de 2 a 4 mensajes al mes. Pueden aplicarse tarifas de mensajes y datos. Responda HELP para recibir ayuda, STOP para darse de baja.
text-welcome-other = { $sender }: Gracias por apuntarse con nosotros. Le enviamos de 2 a 4 mensajes al mes. Pueden aplicarse tarifas de mensajes y datos. Responda HELP para recibir ayuda, STOP para darse de baja.

## Quien empezó y no terminó

text-unfinished-register = { $sender }: Su registro de votante no está terminado. Bastan unos minutos. Siga aquí: { $url }
text-unfinished-absentee = { $sender }: Su solicitud de boleta de voto en ausencia no está terminada. Bastan unos minutos. Siga aquí: { $url }

## Un día después: el formulario espera

text-your-mail = su correo electrónico
text-reminder-register = { $sender }: Su formulario de registro de votante está listo y usted aún no lo ha descargado. El enlace está en nuestro correo a { $email }. Imprima el formulario, fírmelo y envíelo.
text-reminder-absentee = { $sender }: Su formulario de solicitud de boleta de voto en ausencia está listo y usted aún no lo ha descargado. El enlace está en nuestro correo a { $email }. Imprima el formulario, fírmelo y envíelo.
text-confirm-reminder-register = { $sender }: No le hemos enviado por correo postal su formulario de registro de votante porque usted aún no ha dicho que sí. El enlace para hacerlo está en nuestro correo a { $email }.
text-confirm-reminder-absentee = { $sender }: No le hemos enviado por correo postal su formulario de solicitud de boleta de voto en ausencia porque usted aún no ha dicho que sí. El enlace para hacerlo está en nuestro correo a { $email }.

## Unos minutos después: el formulario ha de enviarse

text-nag-register = { $sender }: Falta un paso. Siga el enlace del correo que acabamos de enviar a { $email } y le enviaremos por correo postal su formulario de registro de votante.
text-nag-absentee = { $sender }: Falta un paso. Siga el enlace del correo que acabamos de enviar a { $email } y le enviaremos por correo postal su formulario de solicitud de boleta de voto en ausencia.

## Qué fue de la carta

text-letter-mailed-register = { $sender }: Su formulario de registro de votante debería estar en su buzón en 24 horas. Fírmelo y envíelo el mismo día.
text-letter-mailed-absentee = { $sender }: Su formulario de solicitud de boleta de voto en ausencia debería estar en su buzón en 24 horas. Fírmelo y envíelo el mismo día.
text-letter-returned-register = { $sender }: El correo no pudo entregar su formulario de registro de votante. Compruebe la dirección e inténtelo de nuevo.
text-letter-returned-absentee = { $sender }: El correo no pudo entregar su formulario de solicitud de boleta de voto en ausencia. Compruebe la dirección e inténtelo de nuevo.

## Después de la herramienta de un estado

text-next-register = { $sender }: Gracias por registrarse para votar. ¿Prefiere votar desde casa? Vea si puede y pida su boleta: { $url }
text-next-absentee = { $sender }: Gracias por pedir su boleta. Rellénela en cuanto la tenga y devuélvala enseguida.
text-next-absentee-track = { $sender }: Gracias por pedir su boleta. Vea aquí dónde está: { $url }
text-verified-register = { $sender }: ¿Aún no se ha registrado para votar, o no en su dirección? Se hace en unos minutos: { $url }
text-verified-absentee = { $sender }: Quizá pueda votar desde casa. Vea si puede y pida su boleta: { $url }

## Un código para entrar en el sitio de administración

text-sign-in-code = { $sender }: { $code } es su código para entrar. Sirve durante dos minutos. Nadie de nosotros se lo pedirá nunca.

## Respuestas a lo que un número escribe

text-help = Información para votantes por mensaje de texto. Pueden aplicarse tarifas de mensajes y datos. La frecuencia de los mensajes varía. Responda STOP para darse de baja.
text-join-success = Se ha suscrito a los mensajes sobre el voto. Responda HELP para recibir ayuda, STOP para darse de baja.
text-joined = Gracias por apuntarse a los mensajes sobre el voto: de 2 a 4 al mes. Pueden aplicarse tarifas de mensajes y datos. Responda HELP para recibir ayuda, STOP para darse de baja.
text-autoreply = Nadie lee lo que se envía a este número. Responda HELP para recibir ayuda, STOP para darse de baja.
text-autoreply-stopped = Se ha dado de baja y no recibe mensajes nuestros. Responda JOIN para volver a suscribirse.

## PPMAP y EVMAP: un mapa hasta donde se vota. Las dos palabras son órdenes, iguales en todos los idiomas.

text-map-election-day = Su centro de votación el día de las elecciones: { $place }.
text-map-early = Un centro de votación anticipada para usted: { $place }.
text-map-hours = Abierto: { $hours }.
text-map-no-picture = No pudimos dibujar un mapa.
text-map-link = Más información: { $url }
text-map-sent-election-day = Un mapa hasta su centro de votación.
text-map-sent-early = Un mapa hasta un centro de votación anticipada.
text-map-no-voter = No conocemos su dirección. Escriba { $command } y su dirección, así: { $command } 1 Main St, Springfield, IL 62701
text-map-unknown-address = No encontramos esa dirección. Escriba { $command } con número y calle, ciudad, estado y código postal.
text-map-no-place-election-day = No sabemos dónde vota usted el día de las elecciones. Su oficina electoral lo sabe.
text-map-no-place-early = No conocemos ningún centro de votación anticipada para esa dirección. Pregunte en su oficina electoral.
text-map-no-locator = Ahora no podemos buscar centros de votación. Inténtelo más tarde.
