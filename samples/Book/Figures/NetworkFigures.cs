using SeqCore.Samples.Common;

namespace SeqCore.Samples.Book;

/// <summary>Diagrams of networks.</summary>
internal static class NetworkFigures
{
    private const int Rnn = (int)ModelColour.Rnn, Lstm = (int)ModelColour.Lstm, Transformer = (int)ModelColour.Transformer;
    private const int Neutral = 7;

    /// <summary>A recurrent network as a loop, and the same network with a copy for each step.</summary>
    internal static string Unrolled()
    {
        var drawing = new Diagram("A recurrent network as a loop, and unrolled over four steps", 460, 180);
        Step(drawing, 16, "x", "y");
        drawing.Arrow((68, 98), (92, 98), (92, 80), (68, 80)).Text(98, 93, "h").Text(122, 94, "=", "middle");
        string[] digits = ["₀", "₁", "₂", "₃", "₄"];
        drawing.Text(141, 78, "h₀", "middle small");
        for (var t = 1; t <= 4; t++)
        {
            var x = 156 + 76 * (t - 1);
            drawing.Arrow((x - (t == 1 ? 22 : 24), 90), (x - 1, 90));
            Step(drawing, x, $"x{digits[t]}", $"y{digits[t]}");
            if (t < 4)
                drawing.Text(x + 64, 82, $"h{digits[t]}", "middle small");
        }

        return drawing.ToSvg();
    }

    /// <summary>The four gates of an LSTM, and the paths of c and h.</summary>
    internal static string LstmCell() => new Diagram("The LSTM cell: gates i, f, g, o, cell state c and hidden state h", 460, 300)
        .Text(8, 64, "c").Arrow((20, 60), (99, 60)).Operation(110, 60, "×").Arrow((121, 60), (214, 60)).Operation(225, 60, "+")
        .Arrow((236, 60), (436, 60)).Text(442, 64, "c'")
        .Box(84, 190, 52, 40, Lstm, "f", "sigmoid").Arrow((110, 190), (110, 72))
        .Box(158, 190, 52, 40, Lstm, "i", "sigmoid").Line((184, 190), (184, 125)).Arrow((184, 125), (213, 125))
        .Box(240, 190, 52, 40, Lstm, "g", "tanh").Line((266, 190), (266, 125)).Arrow((266, 125), (237, 125))
        .Operation(225, 125, "×").Arrow((225, 113), (225, 72))
        .Box(314, 190, 52, 40, Lstm, "o", "sigmoid").Line((340, 190), (340, 150)).Arrow((340, 150), (368, 150))
        .Line((380, 60), (380, 84)).Box(354, 84, 52, 28, Neutral, "tanh").Arrow((380, 112), (380, 138))
        .Operation(380, 150, "×").Arrow((392, 150), (436, 150)).Text(442, 154, "h'")
        .Text(8, 264, "x, h").Line((40, 260), (340, 260))
        .Arrow((110, 260), (110, 231)).Arrow((184, 260), (184, 231)).Arrow((266, 260), (266, 231)).Arrow((340, 260), (340, 231))
        .Text(84, 288, "a = W_ih x + b_ih + W_hh h + b_hh, one block for each gate", "soft small")
        .Text(136, 48, "f c", "soft small").Text(232, 96, "i g", "soft small").ToSvg();

    /// <summary>A block with the norm before each part.</summary>
    internal static string TransformerBlock()
    {
        var drawing = new Diagram("A Transformer block with pre-norm: two parts that read the residual stream and add to it",
            340, 440);
        drawing.Text(70, 434, "x, shape (B, T, D)", "middle").Arrow((70, 416), (70, 252));
        Part(drawing, 400, "self-attention", "mixes positions");
        Part(drawing, 210, "feed-forward", "each position alone");
        return drawing.Operation(70, 240, "+").Arrow((70, 228), (70, 62)).Operation(70, 50, "+").Arrow((70, 38), (70, 14))
            .Text(84, 20, "to the next block", "soft").UprightText(52, 330, "residual stream", "soft middle").ToSvg();
    }

    private static void Step(Diagram drawing, double x, string input, string output) => drawing
        .Box(x, 70, 52, 40, Rnn, "cell").Arrow((x + 26, 150), (x + 26, 111)).Text(x + 26, 166, input, "middle")
        .Arrow((x + 26, 69), (x + 26, 34)).Text(x + 26, 26, output, "middle");

    private static void Part(Diagram drawing, double bottom, string name, string what) => drawing
        .Line((70, bottom), (220, bottom)).Arrow((220, bottom), (220, bottom - 17))
        .Box(150, bottom - 44, 140, 26, Neutral, "norm").Arrow((220, bottom - 44), (220, bottom - 55))
        .Box(150, bottom - 98, 140, 42, Transformer, name, what).Arrow((220, bottom - 98), (220, bottom - 109))
        .Box(150, bottom - 136, 140, 26, Neutral, "dropout").Line((220, bottom - 136), (220, bottom - 160))
        .Arrow((220, bottom - 160), (82, bottom - 160));
}
