#!/system/bin/sh
# getprop [NAME [DEFAULT]], as Android's: all properties as [name]: [value], or the value of one.
while IFS='=' read -r name value; do
	if [ $# = 0 ]; then
		echo "[$name]: [$value]"
	elif [ "$name" = "$1" ]; then
		echo "$value"
		exit
	fi
done </system/build.prop
[ $# = 0 ] || echo "$2"
