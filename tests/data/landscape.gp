set encoding utf8
set label 1 'A "title" with ''quotes''' enhanced at screen 0.12, screen 0.963 left font ',14' textcolor rgb '#1b1f24' front
set label 2 'scb.identity: proved' noenhanced at screen 0.12, screen 0.92 left textcolor rgb '#1a7f37' front
set border 3 front linecolor rgb '#57606a' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#1b1f24'
set style textbox opaque noborder fillcolor rgb '#ffffff' margins 0.6, 0.4
$surface << e
0.0000000000000000e+00 0.0000000000000000e+00 0.0000000000000000e+00
0.0000000000000000e+00 1.0000000000000000e+00 1.0000000000000000e+00
0.0000000000000000e+00 2.0000000000000000e+00 2.0000000000000000e+00

1.0000000000000000e+00 0.0000000000000000e+00 1.0000000000000000e+02
1.0000000000000000e+00 1.0000000000000000e+00 1.0100000000000000e+02
1.0000000000000000e+00 2.0000000000000000e+00 1.0200000000000000e+02

2.0000000000000000e+00 0.0000000000000000e+00 4.0000000000000000e+02
2.0000000000000000e+00 1.0000000000000000e+00 4.0100000000000000e+02
2.0000000000000000e+00 2.0000000000000000e+00 4.0200000000000000e+02
e
$layer1 << e
1.0000000000000000e+00 2.0000000000000000e+00
2.0000000000000000e+00 1.0000000000000001e-01
2.0000000000000000e+00 0.0000000000000000e+00
e
$layer2 << e
1.0000000000000000e+00 1.0000000000000000e+00
e
set label 12 'minimum' enhanced at first 1, 1 left offset 1.2, 0.9 boxed front textcolor rgb '#1b1f24'
height(v) = v <= 1 ? 0 : log10(v)
set contour base
set cntrparam linear
set cntrparam levels incremental 0.25, 0.25, 2.625
unset surface
set table $levels
splot $surface using 1:2:(height($3)) notitle
unset table
unset contour
set surface
set xrange [0:2]
set xlabel 'α_{V}' enhanced textcolor rgb '#1b1f24'
set format x '%h'
set yrange [0:2]
set ylabel 'α_{A}' enhanced textcolor rgb '#1b1f24'
set format y '%h'
set view map
set border 15
set pm3d explicit corners2color mean interpolate 30,30
set palette defined (0 '#fffdf0', 1 '#f3f4cf', 2 '#d6ebc6', 3 '#a8d9c1', 4 '#78c3c3', 5 '#57a9c4', 6 '#478fbd', 7 '#4075b0', 8 '#3d5a9c')
set cbrange [0:2.75]
set colorbox user origin screen 0.865, screen 0.115 size screen 0.022, screen 0.77 noborder
set cblabel 'loss' enhanced offset 0.8, 0 textcolor rgb '#1b1f24'
set cbtics scale 0.4 ('10^{0}' 0, '10^{1}' 1, '10^{2}' 2)
set lmargin at screen 0.12
set rmargin at screen 0.845
set bmargin at screen 0.115
set tmargin at screen 0.885
set key at screen 0.83413, screen 0.86575 right top opaque fillcolor rgb '#ffffff' Left reverse samplen 3 spacing 1.2 height 0.4 textcolor rgb '#1b1f24'
splot $surface using 1:2:(height($3)) with pm3d notitle, \
  $levels using 1:2:(0) with lines linewidth 0.7 linecolor rgb '#8f0b1f3a' notitle, \
  $layer1 using 1:2:(0) with lines linewidth 2.4 dashtype (12, 6) linecolor rgb '#1b1f24' title 'p = 1' enhanced, \
  $layer2 using 1:2:(0) with points pointtype 7 pointsize 2.175 linecolor rgb '#ffffff' notitle, \
  $layer2 using 1:2:(0) with points pointtype 7 pointsize 1.5 linecolor rgb '#D55E00' notitle
