set encoding utf8
set label 1 'A "title" with ''quotes''' enhanced at screen 0.12, screen 0.963 left font ',14' textcolor rgb '#1b1f24' front
set label 2 'scb.identity: refuted' noenhanced at screen 0.12, screen 0.92 left textcolor rgb '#b3261e' front
set border 3 front linecolor rgb '#57606a' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#1b1f24'
set style textbox opaque noborder fillcolor rgb '#ffffff' margins 0.6, 0.4
set grid linetype 1 linecolor rgb '#c4ccd6' linewidth 0.6
$layer0 << e
1.0000000000000000e+00 2.0000000000000000e+00
2.0000000000000000e+00 1.0000000000000001e-01
2.0000000000000000e+00 0.0000000000000000e+00
e
$layer1 << e
1.0000000000000000e+00 1.0000000000000000e+00
e
set label 11 'minimum' enhanced at first 1, 1 left offset 1.2, 0.9 boxed front textcolor rgb '#1b1f24'
set lmargin at screen 0.12
set rmargin at screen 0.965
set bmargin at screen 0.115
set tmargin at screen 0.885
set xrange [0.96999999999999997:2.0300000000000002]
set xlabel 'α_{V}' enhanced textcolor rgb '#1b1f24'
set format x '%h'
set yrange [-0.10000000000000001:2.1000000000000001]
set ylabel 'α_{A}' enhanced textcolor rgb '#1b1f24'
set format y '%h'
set key inside right top opaque fillcolor rgb '#ffffff' Left reverse samplen 3 spacing 1.2 textcolor rgb '#1b1f24'
plot $layer0 using 1:2 with lines linewidth 2.4 dashtype solid linecolor rgb '#D55E00' title 'p = 1' enhanced, \
  $layer1 using 1:2 with points pointtype 7 pointsize 2.175 linecolor rgb '#ffffff' notitle, \
  $layer1 using 1:2 with points pointtype 7 pointsize 1.5 linecolor rgb '#0072B2' notitle
