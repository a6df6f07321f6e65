namespace SeqCore.Kernels.Attention;

/// <summary>Rows of one head as the right-hand side of a product, in panels: see <see cref="AttentionPanels"/>.</summary>
/// <param name="first">Row 0 of panel 0.</param>
/// <param name="panelStep">Elements between panels.</param>
/// <param name="rowStride">Elements between rows of a panel.</param>
internal readonly unsafe struct AttentionRows(float* first, nint panelStep, nint rowStride)
{
    /// <summary>Elements between rows of a panel.</summary>
    internal nint RowStride => rowStride;

    /// <summary>A row of a panel.</summary>
    internal float* Row(int panel, int row) => first + (panel * panelStep) + (row * rowStride);
}
