namespace SeqCore.Models;

/// <summary>
/// Mixes the positions of a sequence: the part of a <see cref="TransformerBlock"/> that is self-attention unless
/// <see cref="BlockOptions.NewMixer"/> makes another one. It should be a <see cref="Module"/>, so that its parameters are found.
/// <see cref="MultiHeadAttention"/> is the built-in mixer.
/// </summary>
public interface ISequenceMixer
{
    /// <summary>Mixes the positions of x, and records it if a tape is open.</summary>
    /// <param name="x">The sequences, shape (B, T, D).</param>
    /// <param name="pass">The pass, which specifies the visible positions and holds the state of earlier ones.</param>
    /// <returns>The mixed sequences, shape (B, T, D).</returns>
    /// <exception cref="ShapeException">The tensor does not have the required shape.</exception>
    Variable Forward(Variable x, MixerPass pass);

    /// <summary>Makes the state of B sequences that are read in several passes, which is empty at first.</summary>
    /// <param name="batchSize">The number of sequences in a batch, B, at least 1.</param>
    /// <param name="options">
    /// The options of attention that the passes will have; a window limits what the state has to keep.
    /// </param>
    /// <exception cref="NotSupportedException">
    /// The mixer reads only whole sequences, as in the default implementation.
    /// </exception>
    MixerState NewState(int batchSize, AttentionOptions options) => throw new NotSupportedException(
        $"{GetType().Name}: it reads only whole sequences, so a model with it cannot write token by token."
            + $" Hint: implement {nameof(NewState)}.");
}
