namespace SeqCore.Models;

/// <summary>The kinds of recurrent layer.</summary>
public enum RecurrentKind
{
    /// <summary>An Elman network with tanh or ReLU.</summary>
    Rnn,

    /// <summary>Long short-term memory.</summary>
    Lstm,

    /// <summary>Gated recurrent units.</summary>
    Gru,
}
