//! Computes the public point of a private key on P-224 and P-521, the NIST curves that Go supports and *ring* does not.
//!
//! Numbers are nine 64-bit words, lowest first, in Montgomery form (R = 2^576); points are projective. The addition
//! formula is complete (Renes, Costello, Batina 2016, algorithm 4, for a = -3): it also doubles, and the neutral point
//! needs no special case.

use zeroize::Zeroizing;

const WORDS: usize = 9;
type Number = [u64; WORDS];

/// A curve y² = x³ - 3x + b over a prime field.
pub struct Curve {
    /// Bytes of a coordinate.
    length: usize,
    prime: Number,
    order: Number,
    b: Number,
    generator: [Number; 2],
}

/// P-224.
pub const P224: Curve = Curve {
    length: 28,
    prime: hex("ffffffffffffffffffffffffffffffff000000000000000000000001"),
    order: hex("ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d"),
    b: hex("b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4"),
    generator: [
        hex("b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21"),
        hex("bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34"),
    ],
};

/// P-521.
pub const P521: Curve = Curve {
    length: 66,
    prime: hex(
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
         ffffffffffffffffffffff",
    ),
    order: hex(
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b889\
         9c47aebb6fb71e91386409",
    ),
    b: hex(
        "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d\
         2c34f1ef451fd46b503f00",
    ),
    generator: [
        hex(
            "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c185\
             6a429bf97e7e31c2e5bd66",
        ),
        hex(
            "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a2\
             72c24088be94769fd16650",
        ),
    ],
};

impl Curve {
    /// Returns whether a private number (big-endian, at most as long as a coordinate) belongs to a public point in
    /// uncompressed form; `None` if it is not a private number of the curve (zero, or not below the order).
    pub fn belong(&self, private: &[u8], public: &[u8]) -> Option<bool> {
        let private = Zeroizing::new(number(private).filter(|_| private.len() <= self.length)?);
        if *private == [0; WORDS] || !less(&private, &self.order) {
            return None;
        }
        let Some((4, point)) = public.split_first().map(|(form, point)| (*form, point)) else { return Some(false) };
        if point.len() != 2 * self.length {
            return Some(false);
        }
        let (x, y) = point.split_at(self.length);
        let (Some(x), Some(y)) = (number(x), number(y)) else { return Some(false) };
        let field = Field::new(&self.prime);
        let [own_x, own_y, own_z] = self.public(&field, &private);
        // x = X/Z and y = Y/Z, without the division.
        let same = |own: &Number, given: &Number| {
            less(given, &self.prime) && *own == field.multiply(&field.enter(given), &own_z)
        };
        Some(same(&own_x, &x) && same(&own_y, &y))
    }

    /// Multiplies the generator by a private number.
    fn public(&self, field: &Field, private: &Number) -> [Number; 3] {
        let one = field.enter(&small(1));
        let b = field.enter(&self.b);
        let generator = [field.enter(&self.generator[0]), field.enter(&self.generator[1]), one];
        let mut sum = [[0; WORDS], one, [0; WORDS]];
        for bit in (0..self.length * 8).rev() {
            sum = field.add_points(&sum, &sum, &b);
            let more = field.add_points(&sum, &generator, &b);
            // Invariant: the time does not depend on the number. Both sums are computed, and one is selected by a mask.
            let taken = ((private[bit / 64] >> (bit % 64)) & 1).wrapping_neg();
            for (sum, more) in sum.iter_mut().flatten().zip(more.iter().flatten()) {
                *sum = (*sum & !taken) | (more & taken);
            }
        }
        sum
    }
}

/// Arithmetic modulo a prime.
struct Field<'a> {
    prime: &'a Number,
    /// -1/prime modulo 2^64.
    inverse: u64,
    /// R² modulo the prime.
    square: Number,
}

impl<'a> Field<'a> {
    fn new(prime: &'a Number) -> Self {
        let mut inverse = 1_u64;
        for _ in 0..6 {
            // Newton: each round doubles the bits that are right.
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(prime[0].wrapping_mul(inverse)));
        }
        let mut field = Self { prime, inverse: inverse.wrapping_neg(), square: small(1) };
        for _ in 0..2 * 64 * WORDS {
            field.square = field.add(&field.square, &field.square);
        }
        field
    }

    /// Converts a number to Montgomery form.
    fn enter(&self, number: &Number) -> Number {
        self.multiply(number, &self.square)
    }

    /// Returns a + b.
    // Invariant: both are below the prime, which has at most 521 of 576 bits, so nothing is carried out of the last
    // word.
    fn add(&self, a: &Number, b: &Number) -> Number {
        let mut sum = [0; WORDS];
        let mut carry = 0_u128;
        for ((sum, a), b) in sum.iter_mut().zip(a).zip(b) {
            carry += u128::from(*a) + u128::from(*b);
            *sum = low(carry);
            carry >>= 64;
        }
        self.reduce(&sum)
    }

    /// Returns a - b.
    fn subtract(&self, a: &Number, b: &Number) -> Number {
        let (difference, borrow) = minus(a, b);
        let mask = borrow.wrapping_neg();
        let mut sum = [0; WORDS];
        let mut carry = 0_u128;
        for ((sum, a), prime) in sum.iter_mut().zip(&difference).zip(self.prime) {
            carry += u128::from(*a) + u128::from(prime & mask);
            *sum = low(carry);
            carry >>= 64;
        }
        sum
    }

    /// Returns a * b / R.
    fn multiply(&self, a: &Number, b: &Number) -> Number {
        let mut product = [0_u64; WORDS + 2];
        for word in a {
            let mut carry = 0_u128;
            for (at, b) in b.iter().enumerate() {
                carry += u128::from(product[at]) + u128::from(*word) * u128::from(*b);
                product[at] = low(carry);
                carry >>= 64;
            }
            carry += u128::from(product[WORDS]);
            product[WORDS] = low(carry);
            product[WORDS + 1] = low(carry >> 64);

            let factor = product[0].wrapping_mul(self.inverse);
            carry = (u128::from(product[0]) + u128::from(factor) * u128::from(self.prime[0])) >> 64;
            for at in 1..WORDS {
                carry += u128::from(product[at]) + u128::from(factor) * u128::from(self.prime[at]);
                product[at - 1] = low(carry);
                carry >>= 64;
            }
            carry += u128::from(product[WORDS]);
            product[WORDS - 1] = low(carry);
            product[WORDS] = product[WORDS + 1].wrapping_add(low(carry >> 64));
        }
        let mut reduced = [0; WORDS];
        reduced.copy_from_slice(&product[..WORDS]);
        self.reduce(&reduced)
    }

    /// Reduces a number below twice the prime.
    fn reduce(&self, number: &Number) -> Number {
        let (difference, borrow) = minus(number, self.prime);
        let mask = borrow.wrapping_neg();
        let mut reduced = [0; WORDS];
        for ((reduced, kept), less) in reduced.iter_mut().zip(number).zip(&difference) {
            *reduced = (kept & mask) | (less & !mask);
        }
        reduced
    }

    /// Returns the sum of two points.
    fn add_points(&self, first: &[Number; 3], second: &[Number; 3], b: &Number) -> [Number; 3] {
        let [x1, y1, z1] = first;
        let [x2, y2, z2] = second;
        let times = |a: &Number, b: &Number| self.multiply(a, b);
        let plus = |a: &Number, b: &Number| self.add(a, b);
        let less = |a: &Number, b: &Number| self.subtract(a, b);
        let thrice = |a: &Number| plus(&plus(a, a), a);

        let (xx, yy, zz) = (times(x1, x2), times(y1, y2), times(z1, z2));
        let xy = less(&times(&plus(x1, y1), &plus(x2, y2)), &plus(&xx, &yy));
        let yz = less(&times(&plus(y1, z1), &plus(y2, z2)), &plus(&yy, &zz));
        let xz = less(&times(&plus(x1, z1), &plus(x2, z2)), &plus(&xx, &zz));

        let c = thrice(&less(&xz, &times(b, &zz)));
        let (d, e) = (less(&yy, &c), plus(&yy, &c));
        let zz3 = thrice(&zz);
        let f = thrice(&less(&less(&times(b, &xz), &zz3), &xx));
        let g = less(&thrice(&xx), &zz3);
        [
            less(&times(&xy, &e), &times(&yz, &f)),
            plus(&times(&e, &d), &times(&g, &f)),
            plus(&times(&yz, &d), &times(&xy, &g)),
        ]
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the low half is what is asked for")]
const fn low(wide: u128) -> u64 {
    wide as u64
}

const fn small(number: u64) -> Number {
    let mut words = [0; WORDS];
    words[0] = number;
    words
}

/// Returns a - b, and 1 if b is larger.
fn minus(a: &Number, b: &Number) -> (Number, u64) {
    let mut difference = [0; WORDS];
    let mut borrow = 0;
    for ((difference, a), b) in difference.iter_mut().zip(a).zip(b) {
        let (less, first) = a.overflowing_sub(*b);
        let (less, second) = less.overflowing_sub(borrow);
        *difference = less;
        borrow = u64::from(first | second);
    }
    (difference, borrow)
}

fn less(a: &Number, b: &Number) -> bool {
    minus(a, b).1 == 1
}

/// Parses a big-endian number of at most nine words.
fn number(bytes: &[u8]) -> Option<Number> {
    let mut words = [0; WORDS];
    for (at, byte) in bytes.iter().rev().enumerate() {
        *words.get_mut(at / 8)? |= u64::from(*byte) << (at % 8 * 8);
    }
    Some(words)
}

/// Parses a number of lower-case hexadecimal digits.
const fn hex(digits: &str) -> Number {
    let digits = digits.as_bytes();
    let mut words = [0; WORDS];
    let mut at = 0;
    while at < digits.len() {
        let digit = digits[digits.len() - 1 - at];
        let value = if digit >= b'a' { digit - b'a' + 10 } else { digit - b'0' };
        words[at / 16] |= (value as u64) << (at % 16 * 4);
        at += 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(number: &Number, length: usize) -> Vec<u8> {
        (0..length).rev().map(|at| (number[at / 8] >> (at % 8 * 8)).to_le_bytes()[0]).collect()
    }

    fn uncompressed(curve: &Curve, point: [&Number; 2]) -> Vec<u8> {
        let mut written = vec![4];
        point.iter().for_each(|number| written.extend(bytes(number, curve.length)));
        written
    }

    #[test]
    fn one_gives_the_generator_and_the_order_less_one_its_mirror() {
        for curve in [P224, P521] {
            let [x, y] = &curve.generator;
            let point = uncompressed(&curve, [x, y]);
            assert_eq!(curve.belong(&[1], &point), Some(true));
            assert_eq!(curve.belong(&[0, 1], &point), Some(true));
            assert_eq!(curve.belong(&[2], &point), Some(false));
            let last = bytes(&minus(&curve.order, &small(1)).0, curve.length);
            assert_eq!(curve.belong(&last, &point), Some(false));
            assert_eq!(curve.belong(&last, &uncompressed(&curve, [x, &minus(&curve.prime, y).0])), Some(true));
        }
    }

    #[test]
    fn no_private_number_is_none() {
        for curve in [P224, P521] {
            let [x, y] = &curve.generator;
            let point = uncompressed(&curve, [x, y]);
            for private in [Vec::new(), vec![0], bytes(&curve.order, curve.length), vec![1; 70], vec![1; 80]] {
                assert_eq!(curve.belong(&private, &point), None, "{private:?}");
            }
            // A point that is compressed, cut, or a coordinate that is not below the prime.
            let beyond = uncompressed(&curve, [&curve.prime, y]);
            for public in [&[][..], &point[1..], &[&[2], &point[1..=curve.length]].concat(), &beyond] {
                assert_eq!(curve.belong(&[1], public), Some(false));
            }
        }
    }
}
