# Lo que está mal en un campo, para la persona que lo llenó. Las claves son las de turnout-core; una clave que termina
# con el nombre de un campo sustituye ahí a la general.

problem-required = Complete este campo.
problem-required-us_citizen = Solo pueden registrarse ciudadanos de los Estados Unidos. Marque la casilla si lo es.
problem-required-is_18_or_over = Marque la casilla si tendrá 18 años o más el día de las elecciones.
problem-required-date_of_birth = Escriba su fecha de nacimiento.
problem-required-state = Elija un estado de la lista.
problem-null = Complete este campo.
problem-blank = Complete este campo.
problem-not-a-string = Escriba esto como texto.
problem-null-characters = Esto contiene un carácter que no se puede imprimir.
problem-too-long = { $most ->
    [one] Use un carácter.
   *[other] Use { $most } caracteres como máximo.
}
problem-zipcode = Escriba los cinco dígitos del código postal.
problem-not-a-choice = Elija una opción de la lista.
problem-date = Escriba una fecha real: mes, día y un año de cuatro dígitos.
problem-date-time = Escriba una fecha y una hora.
problem-email = Escriba un correo electrónico como nombre@example.org.
problem-phone = Escriba un número de teléfono con su código de área, como 202-555-0143, o déjelo en blanco.
problem-boolean = Marque la casilla o déjela.
problem-must-be-true = Marque esta casilla para continuar.
problem-uuid = Este número no es correcto.
problem-integer = Escriba un número entero.
problem-number = Escriba un número.
problem-no-such-object = No existe esa entrada.
problem-key-type = Este número no es correcto.
problem-json = Esto no se puede leer.
problem-not-a-list = Esto no se puede leer.
problem-no-print-and-forward = Este estado no permite que le enviemos un formulario impreso.
problem-status = Esto no se puede cambiar.
problem-undeliverable = El correo no entrega en esta dirección. Revísela.
problem-state-fields = Estas respuestas no se pueden leer.
problem-no-ballot-request-form = No hay formulario de solicitud de boleta para este estado.
problem-unknown-fields = Hay campos que nadie pide.
problem-title-tennessee = Tennessee no acepta el tratamiento Mx. Elija otro.
problem-url = Escriba una dirección web, por ejemplo https://example.org.
problem-required-ein = Las organizaciones sin fines de lucro tienen que indicar su EIN.
problem-future-day = Nadie lo comprobó en un día que aún no ha llegado.
problem-same-text = Este es el texto que se busca.
problem-method = Las solicitudes no pueden enviarse de esta manera.
problem-region-florida = Las páginas de las regiones de Florida se toman cada día de una lista.
problem-key-missing = Escriba la clave API de su grupo de ActionNetwork o quite la marca de la sincronización.
problem-key-without-sync = Una clave solo sirve con la sincronización con ActionNetwork: márquela o deje la clave vacía.
problem-slug = Use solo letras, cifras, - y _.
problem-slug-taken = Ya existe un suscriptor con este nombre corto.
problem-slug-reserved = Este nombre forma parte de nuestras propias direcciones. Elija otro.
problem-code = Este código no es correcto. Los códigos cambian cada medio minuto: espere el siguiente e inténtelo de nuevo.
problem-days = El último día es anterior al primero.
problem-own-access = No puede quitarse esto a sí mismo.
problem-password-again = Las dos contraseñas no son iguales.
problem-password-common = Demasiadas personas tienen esta contraseña.
problem-password-digits = Use algo más que cifras.
problem-password-like = Esta contraseña se parece demasiado a su nombre o a su correo electrónico.
problem-password-short = Esta contraseña es demasiado corta.
problem-password-wrong = Esta no es su contraseña.
problem-phone-known = Este teléfono ya recibe códigos, o ya hay suficientes.
problem-webhook-address = Escriba una dirección completa que empiece por https:// y a la que se llegue desde internet, sin nombre, contraseña ni #.
problem-webhook-endpoints = Ya hay tantas direcciones como puede haber. Quite una primero.
problem-webhook-topics = Elija al menos un evento.
problem-webhook-window = Escriba un comienzo y un final, primero el comienzo, de días cuyas entregas aún se guardan.
