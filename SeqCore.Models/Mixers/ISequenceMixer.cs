namespace SeqCore.Models;

/// <summary>
/// Mixes the positions of a sequence: the part of a <see cref="TransformerBlock"/> that is self-attention unless
/// <see cref="BlockOptions.NewMixer"/> makes another one. It should be a <see cref="Module"/>, so that its parameters
/// are found. <see cref="MultiHeadAttention"/> is the built-in one.
/// </summary>
public interface ISequenceMixer
{
    /// <summary>Mixes the positions of x, and records it where a tape is open.</summary>
    /// <param name="x">Shape (B, T, D).</param>
    /// <param name="pass">Which positions may be seen, and what the mixer remembers of those before x.</param>
    /// <returns>Shape (B, T, D).</returns>
    /// <exception cref="ShapeException">The shape is not as above.</exception>
    Variable Forward(Variable x, MixerPass pass);

    /// <summary>Makes the memory of B sequences that are read in several passes, empty at first.</summary>
    /// <param name="batchSize">B, at least 1.</param>
    /// <param name="options">Which positions the passes will hide; a window bounds what has to be kept.</param>
    /// <exception cref="NotSupportedException">The mixer reads whole sequences only: the default implementation.</exception>
    MixerState NewState(int batchSize, AttentionOptions options) => throw new NotSupportedException(
        $"{GetType().Name}: it reads whole sequences only, so a model that has it cannot write token by token."
            + $" Hint: implement {nameof(NewState)}.");
}
