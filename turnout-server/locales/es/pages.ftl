# Frases de las páginas para votantes. Cada clave está también en ../en/pages.ftl; una prueba las compara.

brand = Turnout
skip = Ir a la parte principal
language-name = Español
language-label = Idioma
footer = Turnout no es una oficina de ningún gobierno. Nosotros llenamos el formulario; usted lo firma y lo envía.
footer-privacy = Su número de identificación se imprime en su formulario y nunca se guarda.

home-title = Regístrese para votar
home-lead = Llene aquí el formulario nacional de registro, imprímalo, fírmelo y envíelo por correo. Toma unos cinco minutos.
home-choose = ¿Dónde vive?
home-choose-hint = El estado, distrito o territorio en el que quiere votar.
home-pick = Elija…
home-go = Continuar
home-unknown = Elija un estado de la lista.
home-how = Cómo funciona
home-how-1 = Elija su estado y vea su fecha límite y sus reglas.
home-how-2 = Llene el formulario. Ponemos sus respuestas en el formulario oficial de papel.
home-how-3 = Imprímalo, fírmelo y envíelo a su oficina electoral.
home-reminders = ¿Ya se registró?
home-reminders-link = Reciba recordatorios de elecciones

register-title = Regístrese para votar en { $state }
register-lead = Todos los campos son obligatorios, salvo los que dicen «opcional».
register-other-state = Elegir otro estado
register-send = Preparar mi formulario
register-send-note = Después podrá descargar su formulario. También le enviaremos un enlace por correo electrónico.
register-form = Su formulario
optional = (opcional)
mistake-title = Error: { $title }
mistakes-heading = { $count ->
    [one] Hay una cosa por corregir
   *[other] Hay { $count } cosas por corregir
}
number-again = Escriba de nuevo su número de identificación: no lo guardamos.
mistake-prefix = Error:

facts-heading = Lo que debe saber sobre { $state }
facts-deadline = Fecha límite por correo
facts-deadline-postmarked = { $days ->
    [one] Con matasellos de al menos un día antes del día de las elecciones
   *[other] Con matasellos de al menos { $days } días antes del día de las elecciones
}
facts-deadline-received = { $days ->
    [one] Recibido al menos un día antes del día de las elecciones
   *[other] Recibido al menos { $days } días antes del día de las elecciones
}
facts-deadline-unknown = No tenemos una fecha que podamos garantizar. Pregunte a su oficina electoral.
facts-deadline-as-of = Esa fue la regla para las elecciones generales de noviembre de 2024. Los fines de semana y feriados pueden mover el día; verifíquelo con su estado.
facts-online = Registro en línea
facts-online-link = Registrarse en el sitio web de { $state }
facts-online-note = Si puede usarlo, suele ser más rápido que el correo.
facts-online-none = No conocemos ninguno para { $state }.
facts-mail-to = A dónde se envía el formulario
facts-mail-to-unknown = A su oficina electoral local. La dirección está en el sitio web de su estado.
facts-status = ¿Ya se registró?
facts-status-link = Verificar su registro
facts-office = Oficina electoral
facts-office-link = Sitio web de la oficina electoral
facts-source = Fuente: { $source }, { $month } de { $year }.

refused-heading = Este formulario no es para { $state }
refused = { $source } no incluía a { $state } entre los lugares que aceptan el formulario nacional ({ $month } de { $year }). Hay otras formas de registrarse allí; su oficina electoral las conoce.
refused-online = Registrarse en línea en { $state }
refused-office = Preguntar a la oficina electoral de { $state }

section-name = Su nombre
section-birth = Su fecha de nacimiento
section-address = Dónde vive
section-address-hint = La dirección donde vive, no un apartado postal.
section-mailing = Recibo mi correo en otro lugar
section-previous-name = Mi nombre ha cambiado
section-previous-name-hint = El nombre con el que se registró antes.
section-previous-address = Me registré antes con otra dirección
section-contact = Cómo comunicarnos con usted
section-about = Sobre usted
section-about-hint = Omita lo que no quiera decir. Algunos estados preguntan por un partido para que pueda votar en sus primarias.
section-number = Su número de identificación
section-confirm = Por favor confirme

field-title = Tratamiento
field-first_name = Nombre
field-middle_name = Segundo nombre
field-last_name = Apellido
field-suffix = Sufijo
field-date_of_birth = Fecha de nacimiento
field-birth_month = Mes
field-birth_day = Día
field-birth_year = Año
field-address1 = Calle y número
field-address2 = Apartamento o unidad
field-city = Ciudad o pueblo
field-state = Estado
field-zipcode = Código postal
field-mailing_address1 = Calle y número o apartado postal
field-mailing_address2 = Apartamento o unidad
field-mailing_city = Ciudad o pueblo
field-mailing_state = Estado
field-mailing_zipcode = Código postal
field-previous_title = Tratamiento anterior
field-previous_first_name = Nombre anterior
field-previous_middle_name = Segundo nombre anterior
field-previous_last_name = Apellido anterior
field-previous_suffix = Sufijo anterior
field-previous_address1 = Calle y número anteriores
field-previous_address2 = Apartamento o unidad anterior
field-previous_city = Ciudad o pueblo anterior
field-previous_state = Estado anterior
field-previous_zipcode = Código postal anterior
field-email = Correo electrónico
field-phone = Número de teléfono
field-sms_opt_in = Mensajes de texto
field-sms_opt_in_subscriber = Mensajes de texto
field-gender = Género
field-race_ethnicity = Raza o grupo étnico
field-party = Partido
field-state_id_number = Número de identificación
field-us_citizen = Soy ciudadano o ciudadana de los Estados Unidos
field-is_18_or_over = Tendré 18 años o más el día de las elecciones

hint-suffix = Por ejemplo Jr. o III
hint-date_of_birth = Por ejemplo: 4 / 17 / 1990
hint-zipcode = Cinco dígitos
hint-email = Aquí enviamos su formulario y un recordatorio.
hint-state_id_number = El número de su licencia de conducir o tarjeta de identificación estatal. Si no tiene ninguna, los últimos cuatro dígitos de su número de Seguro Social. Si no tiene nada de eso, escriba NONE. Se imprime en su formulario y nunca se guarda.
hint-race_ethnicity = El formulario de su estado lo pregunta.

choice-none = Sin respuesta
choice-title-Mr = Sr. (Mr.)
choice-title-Mrs = Sra. (Mrs.)
choice-title-Miss = Srta. (Miss)
choice-title-Ms = Sra. (Ms.)
choice-title-Mx = Neutro (Mx.)
choice-gender-Male = Hombre
choice-gender-Female = Mujer
choice-gender-NonBinary = No binario
choice-gender-Other = Otro
choice-race_ethnicity-Native = Indígena americano o nativo de Alaska
choice-race_ethnicity-AAPI = Asiático o isleño del Pacífico
choice-race_ethnicity-Black = Negro, no hispano
choice-race_ethnicity-Hispanic = Hispano
choice-race_ethnicity-Multi = Multirracial
choice-race_ethnicity-White = Blanco, no hispano
choice-race_ethnicity-Other = Otro
choice-party-None = Ningún partido
choice-party-Democratic = Demócrata
choice-party-Republican = Republicano
choice-party-Green = Verde
choice-party-Libertarian = Libertario
choice-party-Other = Otro

sms-agree = Al marcar esta casilla, usted acepta recibir mensajes de texto de { $name }. Pueden aplicarse tarifas de mensajes y datos. La frecuencia de los mensajes varía. Envíe STOP para darse de baja o HELP para más información.

done-title = Su formulario está listo
done-lead = Su registro todavía no está completo. Imprima su formulario, fírmelo y envíelo por correo.
done-download = Descargar mi formulario (PDF)
done-mail = También enviamos un enlace a su correo electrónico.
done-steps = Qué hacer ahora
done-print = Imprímalo
done-print-text = Por una sola cara y a tamaño completo. También se puede imprimir en una biblioteca o un centro de copias.
done-sign = Revíselo, fírmelo y ponga la fecha
done-sign-text = Firme a mano con bolígrafo. Un formulario sin firma no es válido.
done-post = Envíelo por correo
done-post-text = Póngalo en un sobre con estampilla y envíelo a:
done-post-unknown = Póngalo en un sobre con estampilla y envíelo a su oficina electoral local. La dirección está en el sitio web de su estado.
done-deadline = Tenga en cuenta la fecha límite
done-check = Verifique su registro
done-check-text = Unas semanas después, confirme que su oficina electoral ya completó su registro.
done-online-heading = También puede registrarse en línea
done-again = Registrar a otra persona

download-title = Su enlace ha vencido
download-lost-title = No encontramos su formulario
download-lead = Los enlaces a un formulario funcionan por tiempo limitado, porque contiene datos personales.
download-offer = Podemos enviar uno nuevo al correo electrónico que dio con el formulario.
download-send = Envíenme un enlace nuevo
download-no-id = A la dirección de esta página le falta el número del formulario. Abra de nuevo el enlace de su correo o prepare un formulario nuevo.
download-sent-title = Un enlace nuevo está en camino
download-sent = Revise su bandeja de entrada en unos minutos, y la carpeta de correo no deseado si no está ahí.
download-not-found = No tenemos ningún formulario con ese número.
download-new = Preparar un formulario nuevo

confirm-title = ¿Le enviamos su formulario?
confirm-lead = Imprimimos el formulario y lo enviamos a la dirección que figura en nuestro correo, con un sobre para que usted lo envíe.
confirm-once = Compruebe antes la dirección: enviamos el formulario una sola vez.
confirm-send = Sí, envíenmelo
confirm-said-title = Estamos enviando su formulario
confirm-said = Tarda de 6 a 10 días en llegar.
confirm-said-next = Fírmelo y envíelo en cuanto lo tenga. Le escribiremos cuando esté por llegar.
confirm-not-found = No tenemos ningún formulario que enviar con esta dirección. Abra de nuevo el último de nuestros correos o prepare un formulario nuevo.
confirm-off-title = Por ahora no enviamos formularios
confirm-off = Abra de nuevo el correo y descargue el formulario para imprimirlo usted.

purged-title = Este formulario fue eliminado
purged-lead = Eliminamos los formularios después de un tiempo, porque contienen datos personales.
purged-lead-days = { $days ->
    [one] Eliminamos los formularios después de un día, porque contienen datos personales.
   *[other] Eliminamos los formularios después de { $days } días, porque contienen datos personales.
}

resume-title = Continúe con su registro
resume-lead = Empezó un registro en { $state }. Por su privacidad, esta página no muestra lo que escribió antes.
resume-go = Regístrese para votar en { $state }
resume-unknown = Este enlace ya no funciona. Puede empezar de nuevo; toma unos cinco minutos.
resume-new = Empezar de nuevo

outbox-title = Bandeja de salida
outbox-lead = Este servidor no envía correo. Esto es lo que habría enviado, lo más reciente primero.
outbox-empty = Todavía no hay correo.
outbox-count = { $count ->
    [one] Un correo
   *[other] { $count } correos
}
outbox-to = Para
outbox-from = De
outbox-kind = Tipo
outbox-links = Enlaces de este correo
outbox-text = La versión en texto sin formato
outbox-rendered = El correo como se ve al leerlo
outbox-all = Todos los correos

## Lo que decimos, sobre nadie

preview-title = Correos y mensajes de texto
preview-lead = Todo lo que se dice por correo y por mensaje de texto, en cada idioma, con datos inventados. Nada de esto se envía.
preview-mails = Correos
preview-texts = Mensajes de texto
preview-all = Todos los correos y mensajes
preview-segments = { $count ->
    [one] un segmento ({ $alphabet }, { $length })
   *[other] { $count } segmentos ({ $alphabet }, { $length })
    }
preview-hints = menos con

error-404-title = No existe esa página
error-404 = Puede que la dirección esté mal escrita o que la página se haya movido.
error-400-title = No pudimos leer eso
error-400 = Algo en la solicitud no era correcto. Vuelva atrás e inténtelo de nuevo.
error-403-title = Este formulario se envió desde otro sitio
error-403 = Para protegerle, solo aceptamos formularios de nuestras propias páginas. Abra la página de nuevo y llénela ahí.
error-413-title = Eso fue demasiado largo
error-413 = El formulario contiene más texto del que aceptamos.
error-429-title = Espere un momento, por favor
error-429 = { $seconds ->
    [one] Eso se pidió demasiadas veces. Inténtelo de nuevo en un segundo.
   *[other] Eso se pidió demasiadas veces. Inténtelo de nuevo en { $seconds } segundos.
}
error-500-title = Algo falló de nuestro lado
error-500 = No funcionó. Inténtelo de nuevo en unos minutos; si vuelve atrás, lo que escribió sigue en su navegador.
error-503-title = Estamos ocupados
error-503 = Inténtelo de nuevo en unos minutos.
error-home = Volver al inicio

month-01 = enero
month-02 = febrero
month-03 = marzo
month-04 = abril
month-05 = mayo
month-06 = junio
month-07 = julio
month-08 = agosto
month-09 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre

unsubscribe-title = ¿No desea más recordatorios?
unsubscribe-lead = Enviamos recordatorios y consejos sobre el voto por correo electrónico. Aquí puede detenerlos.
unsubscribe-still = Lo que usted mismo pida, como un formulario, se lo seguiremos enviando.
unsubscribe-button = No me envíen más
unsubscribe-done-title = Ya no recibirá recordatorios
unsubscribe-done = Desde ahora no enviaremos más recordatorios ni consejos a su dirección de correo.
unsubscribe-undo = Sí los quiero
unsubscribe-undone-title = Recibirá recordatorios de nuevo
unsubscribe-undone = Le enviaremos de nuevo recordatorios y consejos sobre el voto.
unsubscribe-unknown = Este enlace no es nuestro o es muy antiguo. El enlace del último de nuestros correos funciona.

reminders-title = Recordatorios de elecciones
reminders-lead = Díganos dónde vive y le recordaremos las elecciones de ese lugar. Toma unos dos minutos.
reminders-email-hint = Aquí enviamos sus recordatorios.
reminders-birth-hint = Nos ayuda a encontrarle en el padrón electoral. Omítala si prefiere no decirla.
reminders-kept = Guardamos lo que escribe para enviarle recordatorios. Si llegó aquí por un enlace de otra organización, esa organización también puede verlo y escribirle.
reminders-send = Quiero recordatorios
reminders-footer = Turnout no es una oficina de ningún gobierno.
reminders-thanks-title = Su solicitud está registrada
reminders-thanks = Le recordaremos las elecciones por correo electrónico, y por mensaje de texto si así lo pidió.
reminders-end = Puede terminarlo en cualquier momento: con el enlace de cada correo, o respondiendo STOP a un mensaje de texto.
reminders-register = ¿Todavía no se ha registrado? Regístrese para votar
reminders-again = Inscribir a otra persona

subscribe-title = Suscribirse
subscribe-lead = Ponga las herramientas de Turnout en su propio sitio web y vea a quién ha ayudado a votar. Díganos quiénes son; revisamos cada solicitud personalmente.
subscribe-organization = Nombre de su organización
subscribe-website = Sitio web
subscribe-website-hint = Por ejemplo, example.org.
subscribe-email = Correo electrónico
subscribe-email-hint = Aquí le escribimos sobre su cuenta.
subscribe-plan = Plan
subscribe-ein = EIN
subscribe-ein-hint = El número con el que la conoce la autoridad fiscal. Las organizaciones sin fines de lucro tienen que indicarlo.
subscribe-texts = Mensajes de texto a sus votantes
subscribe-texts-hint = Cómo preguntan sus herramientas a los votantes si quieren recibir mensajes de texto suyos.
subscribe-send = Enviar
subscribe-thanks-title = Gracias
subscribe-thanks = Hemos recibido su solicitud.
subscribe-thanks-next = Alguien de nuestro equipo la revisa y le escribe por correo electrónico.
choice-plan-premium = Premium
choice-plan-nonprofit = Sin fines de lucro
choice-sms_mode-box_unchecked = Una casilla que marcan los votantes
choice-sms_mode-box_checked = Una casilla ya marcada
choice-sms_mode-none = Sin mensajes de texto
