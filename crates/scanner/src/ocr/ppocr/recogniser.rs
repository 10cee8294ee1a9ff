//! The network that reads a line. Of its last layer, which tells 18 710 characters apart, only the rows of the
//! alphabet are worked out: the layer as it is takes a tenth of the time of a line and a quarter of a word's.

use rten::{Model, NodeId, RunOptions};
use rten_tensor::NdTensor;
use rten_tensor::{AsView as _, Layout as _};

use super::alphabet::{Alphabet, BLANK};
use super::line::HEIGHT;
use super::run;

/// What the last layer is given: `[1, axes, steps]`.
const FEATURES: &str = "p2o.pd_op.squeeze.0.0";
/// Its weights, `[axes, classes]`, and what it adds to each class.
const WEIGHTS: &str = "linear_8.w_0";
const BIASES: &str = "linear_8.b_0";

/// The network, cut before its last layer, and that layer for the characters of an alphabet.
pub(super) struct Recogniser {
    model: Model,
    features: NodeId,
    /// A row for each axis, with a weight for the blank and for each character.
    weights: Vec<f32>,
    biases: Vec<f32>,
    alphabet: Alphabet,
}

impl Recogniser {
    /// # Errors
    /// When the network is not the one expected.
    pub(super) fn new(model: Model, alphabet: Alphabet) -> Result<Self, String> {
        let node = |name: &str| model.node_id(name).map_err(|e| e.to_string());
        let other = |_| "the recogniser's last layer has another shape than expected".to_owned();
        let [weights, biases] =
            model.run_n(Vec::new(), [node(WEIGHTS)?, node(BIASES)?], None).map_err(|e| e.to_string())?;
        let weights: NdTensor<f32, 2> = weights.try_into().map_err(other)?;
        let biases: NdTensor<f32, 1> = biases.try_into().map_err(other)?;
        let [_, classes] = weights.shape();
        let kept: Vec<usize> = std::iter::once(BLANK).chain(alphabet.classes.iter().map(|c| c.0)).collect();
        let of_row = |row: &[f32]| -> Vec<f32> {
            kept.iter().map(|&class| row.get(class).copied().unwrap_or(f32::MIN)).collect()
        };
        Ok(Self {
            features: node(FEATURES)?,
            weights: weights.to_vec().chunks_exact(classes.max(1)).flat_map(of_row).collect(),
            biases: of_row(&biases.to_vec()),
            alphabet,
            model,
        })
    }

    pub(super) fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// Reads a line, `3 x HEIGHT x width` shades: for each step from left to right how likely the blank and each
    /// character of the alphabet are, all characters it does not have left out.
    ///
    /// # Errors
    /// What the network says when it fails.
    pub(super) fn run(
        &self,
        pixels: Vec<f32>,
        width: usize,
        options: &RunOptions,
    ) -> Result<Vec<f32>, String> {
        let shape = [1, 3, HEIGHT, width];
        let features: NdTensor<f32, 3> = run(&self.model, pixels, shape, Some(self.features), options)?
            .try_into()
            .map_err(|e| format!("the recogniser answers otherwise than expected: {e}"))?;
        let [_, _, steps] = features.shape();
        Ok(self.answer(&features.to_vec(), steps))
    }

    /// Applies the last layer to `axes x steps` features.
    fn answer(&self, features: &[f32], steps: usize) -> Vec<f32> {
        let classes = self.biases.len();
        let mut answer = self.biases.repeat(steps);
        for (along, weights) in features.chunks_exact(steps.max(1)).zip(self.weights.chunks_exact(classes)) {
            for (feature, row) in along.iter().zip(answer.chunks_exact_mut(classes)) {
                for (value, weight) in row.iter_mut().zip(weights) {
                    *value += feature * weight;
                }
            }
        }
        for row in answer.chunks_exact_mut(classes) {
            let most = row.iter().copied().fold(f32::MIN, f32::max);
            let mut sum = 0.0;
            for value in row.iter_mut() {
                *value = (*value - most).exp();
                sum += *value;
            }
            for value in row.iter_mut() {
                *value /= sum;
            }
        }
        answer
    }
}
